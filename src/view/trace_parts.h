/* trace_parts.h — what the forms of a ladder share: text, JSON, a picture.
 * Included by src/view/trace*.c only. */
#ifndef VIEW_TRACE_PARTS_H
#define VIEW_TRACE_PARTS_H

#include "view/parts.h"
#include "view/trace.h"

/* trace.c */
/* The first line of a message, without its version, its numbers masked: printable ASCII. */
void trace_put_title(struct text_out *out, struct text message);
/* "usager, accès ovh", "agent, poste 201". */
void trace_put_peer(struct text_out *out, const struct view_house *h,
                    const struct view_trace_message *m);
/* "1,204 s" since the first row. */
void trace_put_seconds(struct text_out *out, const struct view_trace *t, ms_t at);

/* trace_sound.c */
void trace_put_sound(struct text_out *out, const struct view_trace_sound *s);
/* "sound":{…} */
void trace_json_sound(struct json *j, const struct view_trace_sound *s);

/* trace_pcap.c */
void trace_pcap_begin(struct view_trace *t);
void trace_pcap_message(struct view_trace *t, const struct view_trace_message *m);

/* trace_svg.c; notice: of what is missing. */
void trace_svg_begin(struct view_trace *t, struct text title, const char *notice);
void trace_svg_message(struct view_trace *t, const struct view_trace_message *m);
void trace_svg_sound(struct view_trace *t, const struct view_trace_message *whose,
                     const struct view_trace_sound *sound);
void trace_svg_event(struct view_trace *t, const struct event *ev);
void trace_svg_end(struct view_trace *t, const char *notice);

#endif

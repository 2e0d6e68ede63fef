/* sender.h — inside the sender: messages on their way, and what a driver does with them. Included
 * by src/sms/ only. */
#ifndef SMS_SENDER_H
#define SMS_SENDER_H

#include "base/prng.h"
#include "base/ring.h"
#include "gsm/coding.h"
#include "gsm/message.h"
#include "os/bell.h"
#include "os/thread.h"
#include "sms/sms.h"

#define SMS_SLOTS 64
#define SMS_SECRET_BYTES 160
#define SMS_PATH_BYTES 4096

enum slot_stage {
    SLOT_FREE,
    SLOT_READY,  /* read, to be given to the gateway */
    SLOT_FLYING, /* given, not answered */
    SLOT_ENDED,  /* answered; main has not been told: its ring is full */
    SLOT_TOLD,   /* main was told; not committed yet */
};

struct sms_slot {
    enum slot_stage stage;
    struct journal_row row;  /* as it was read */
    struct journal_row told; /* JOURNAL_ROW_SMS_STATE */
    void *flight;            /* the driver's */
};

/* What became of a message given to the gateway. */
struct sms_result {
    enum gsm_event event;
    uint32_t code;
    ms_t wait_ms; /* TROUBLE: as the gateway asks; 0: as we want */
    struct text remote;
};

/* One way of speaking to a gateway. All on the thread. */
struct sms_driver {
    int (*open)(struct sms *s);
    void (*drop)(struct sms *s);
    /* May a message be given now? */
    bool (*is_ready)(struct sms *s, ms_t now_ms);
    /* Takes it: sender_result() comes later, or at once. */
    void (*give)(struct sms *s, struct sms_slot *slot, ms_t now_ms);
    /* Waits for the gateway or the bell, wait_ms at most, and does what is to be done. */
    void (*turn)(struct sms *s, int wait_ms);
    /* Until then nothing is to be done but what turn() waits for; MS_NEVER. */
    ms_t (*next_ms)(struct sms *s);
};
extern const struct sms_driver sms_http, sms_smpp;

struct sms {
    struct settings_sms settings;
    char secret[SMS_SECRET_BYTES];
    char authority[SMS_PATH_BYTES]; /* a file; empty: those of the machine */
    const struct outbox_port *outbox;
    struct os_log *log;
    os_clock_fn *wall_at;
    const struct sms_driver *driver;
    void *line; /* the driver's own */
    struct os_thread thread;
    struct os_bell work, done; /* to the thread; to main */
    _Atomic bool is_ending, wants;
    struct ring_buffer news;
    void *memory; /* owned; the ring's */
    struct prng chance;
    struct sms_slot slots[SMS_SLOTS];
    ms_t send_ms;   /* the next message not before: the rate */
    ms_t read_at;   /* the store is to be asked again, by the wall clock */
    ms_t untold_at; /* the same for receipts that did not come */
    int told_err;
    _Atomic uint64_t sent_n, refused_n, trouble_n, received_n, receipts_n;
    _Atomic bool is_up;
    _Atomic uint32_t fault; /* enum gsm_fault */
};

void sender_result(struct sms *s, struct sms_slot *slot, const struct sms_result *result);
/* A receipt: of what the gateway calls so; told to main. False: no room, it must come again. */
bool sender_receipt(struct sms *s, uint64_t id, const struct sms_result *result);
/* A person wrote. False: no room. */
bool sender_received(struct sms *s, const struct sms_news *news);
/* The text of a message, as UTF-8 into room of GSM_UTF8_MAX. */
struct text sender_text(char *room, const struct sms_slot *slot);

#endif

/* refusal.c — see refusal.h. */
#include "view/frame.h"
#include "view/refusal.h"

static const struct {
    unsigned status;
    const char *french[2], *english[2]; /* what, and what to do */
} refusals[] = {
    {401,
     {"Cette page n’est pas pour tout le monde",
      "Connectez-vous, ou demandez un compte à qui administre le service."},
     {"This page is not for everybody", "Sign in, or ask who runs the service for an account."}},
    {403,
     {"Ce compte n’ouvre pas cette page",
      "Demandez le rôle qu’il faut à qui administre le service, ou connectez-vous avec un autre "
      "compte."},
     {"This account does not open this page",
      "Ask who runs the service for the role that it takes, or sign in with another account."}},
    {404,
     {"Cette page n’existe pas", "Vérifiez l’adresse, ou revenez à l’accueil."},
     {"There is no such page", "Check the address, or go back to the beginning."}},
    {405,
     {"Cette page ne se demande pas ainsi", "Revenez en arrière et réessayez."},
     {"This page is not asked for in this way", "Go back, and try again."}},
    {503,
     {"Le service n’est pas encore prêt", "Rechargez la page dans un instant."},
     {"The service is not ready yet", "Load the page again in a moment."}},
    {500,
     {"Cette page n’a pas pu être faite", "Réessayez" HTML_THIN "; si cela dure, prévenez qui "
                                          "administre le service."},
     {"This page could not be made", "Try again; if it lasts, tell who runs the service."}},
};

bool view_refusal(struct html *h, const struct view_house *house, unsigned status)
{
    unsigned i = 0;
    while (i < ARRAY_LEN(refusals) && refusals[i].status != status)
        i++;
    if (i == ARRAY_LEN(refusals))
        return false;
    const struct view_frame frame = {.title =
                                         html_say(h, refusals[i].french[0], refusals[i].english[0]),
                                     .here = "",
                                     .kind = "refusal"};
    view_frame_begin(h, house, &frame);
    html_put(h, "<p class=\"lead\">%s</p>\n",
             html_say(h, refusals[i].french[1], refusals[i].english[1]));
    view_frame_end(h, house, &frame);
    return true;
}

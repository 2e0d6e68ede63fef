/* replay.c — gives each file of a corpus to a fuzz target once, where libFuzzer is not there.
 * Linked with one fuzz/NAME.c in the builds of gcc, so that every build meets what was found.
 * Usage: fuzz-NAME FILE-OR-FOLDER... Cost: the target, once per file. */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Files longer than this are cut: no parser of ours takes more at once. */
#define INPUT_BYTES_MAX (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    uint8_t *bytes = f ? malloc(INPUT_BYTES_MAX) : NULL;
    size_t n = bytes ? fread(bytes, 1, INPUT_BYTES_MAX, f) : 0;
    /* A copy of the exact size, so that a read past its end is seen by ASan. */
    uint8_t *exact = bytes ? realloc(bytes, n ? n : 1) : NULL;
    if (exact)
        LLVMFuzzerTestOneInput(exact, n);
    else
        perror(path);
    free(exact ? exact : bytes);
    if (f)
        fclose(f);
    return exact ? 0 : 1;
}

static int replay_folder(const char *path)
{
    struct dirent **names = NULL;
    int n = scandir(path, &names, NULL, alphasort);
    int failed_n = n < 0;
    for (int i = 0; i < n; i++) {
        char file[4096];
        if (names[i]->d_name[0] != '.') {
            snprintf(file, sizeof file, "%s/%s", path, names[i]->d_name);
            failed_n += replay_file(file);
        }
        free(names[i]);
    }
    free(names);
    printf("%d inputs replayed\n", n - 2);
    return failed_n;
}

int main(int argc, char **argv)
{
    int failed_n = 0;
    for (int i = 1; i < argc; i++) {
        struct stat st;
        bool is_folder = !stat(argv[i], &st) && S_ISDIR(st.st_mode);
        failed_n += is_folder ? replay_folder(argv[i]) : replay_file(argv[i]);
    }
    return failed_n ? 1 : 0;
}

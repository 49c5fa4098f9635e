/* A library of the standard ABI of MPI 5 for one rank. It checks the handles that it is given against those of mpi.h of the
   MPI Forum's mpi-abi-stubs (ABI 1.0), and ends the process at the first that is wrong. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORLD 0x101
#define ERRORS_RETURN 0x143
#define BYTE 0x247
#define FLOAT 0x210
#define IN_PLACE 1
#define REQUEST_NULL 0x180
#define THREAD_SERIALIZED 2048

typedef struct { int source, tag, error, internal[5]; } Status;

static void require(int holds, const char *what) {
    if (!holds) { fprintf(stderr, "wrong in the standard ABI: %s\n", what); fflush(stderr); _Exit(86); }
}

static size_t size_of(intptr_t type) {
    require(type == BYTE || type == FLOAT, "a datatype");
    return type == FLOAT ? 4 : 1;
}

int MPI_Init_thread(int *argc, char ***argv, int required, int *provided) {
    require(required == THREAD_SERIALIZED, "MPI_THREAD_SERIALIZED");
    *provided = required;
    return 0;
}
int MPI_Comm_set_errhandler(intptr_t comm, intptr_t handler) {
    require(comm == WORLD && handler == ERRORS_RETURN, "MPI_ERRORS_RETURN");
    return 0;
}
int MPI_Comm_rank(intptr_t comm, int *rank) { require(comm == WORLD, "MPI_COMM_WORLD"); *rank = 0; return 0; }
int MPI_Comm_size(intptr_t comm, int *size) { require(comm == WORLD, "MPI_COMM_WORLD"); *size = 1; return 0; }
int MPI_Get_library_version(char *text, int *length) { *length = sprintf(text, "Stub of MPI 5, one rank"); return 0; }
int MPI_Barrier(intptr_t comm) { require(comm == WORLD, "MPI_Barrier"); return 0; }
int MPI_Bcast(void *data, int count, intptr_t type, int root, intptr_t comm) {
    require(comm == WORLD && size_of(type) == 1 && root == 0, "MPI_Bcast");
    return 0;
}
int MPI_Allgatherv(intptr_t send, int count, intptr_t type, void *data, int *counts, int *offsets, intptr_t other, intptr_t comm) {
    require(send == IN_PLACE, "MPI_IN_PLACE");
    require(comm == WORLD && size_of(other) && offsets[0] == 0, "MPI_Allgatherv");
    return 0;
}
int MPI_Ialltoallv(char *send, int *out, int *from, intptr_t type, char *data, int *in, int *to, intptr_t other, intptr_t comm,
                   intptr_t *request) {
    require(comm == WORLD && type == BYTE && other == BYTE && out[0] == in[0], "MPI_Ialltoallv");
    memcpy(data + to[0], send + from[0], out[0]);
    *request = 0x7fff12345678; /* a pointer: 32 bits are not enough for it */
    return 0;
}
int MPI_Test(intptr_t *request, int *flag, Status *status) {
    static int calls;
    require(*request == 0x7fff12345678, "the request");
    *flag = ++calls % 3 == 0;
    if (*flag) { *request = REQUEST_NULL; memset(status, 0, sizeof(*status)); }
    return 0;
}
int MPI_Error_string(int code, char *text, int *length) { *length = sprintf(text, "error %d", code); return 0; }
int MPI_Finalize(void) { return 0; }
int MPI_Abort(intptr_t comm, int code) { require(comm == WORLD, "MPI_Abort"); _Exit(code); }

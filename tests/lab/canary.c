/* What of the host an attempt in a container may or may not reach.
 *
 * `canary FOLDER NAME KEY` is a process of root with all rights. It makes a socket and listens in FOLDER, at the abstract
 * address NAME and at a port of the loopback interface, holds shared memory under KEY, and has a child with the rights
 * that a container has by default. It prints the two process ids, the port, and handles of FOLDER/secret and of FOLDER; when its
 * standard input ends it takes all away and ends. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, NET_RAW, SYS_CHROOT, MKNOD,
 * AUDIT_WRITE, SETFCAP: what Docker and containerd give. */
#define USUAL 0xa80425fbu

static int listens(const struct sockaddr *address, socklen_t size) {
    int end = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (end < 0 || bind(end, address, size) || listen(end, 1024)) {
        perror("socket");
        exit(2);
    }
    return end;
}

static int neighbour(void) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct rights[2] = {{.effective = USUAL, .permitted = USUAL}};
    if (syscall(SYS_capset, &head, rights)) return 2;
    for (;;) pause();
}

static void prints_handle(const char *name, const char *path) {
    struct { struct file_handle head; unsigned char bytes[128]; } handle = {.head.handle_bytes = 128};
    int mount;
    if (name_to_handle_at(AT_FDCWD, path, &handle.head, &mount, 0)) handle.head.handle_bytes = 0;
    printf(" %s=%d:", name, handle.head.handle_type);
    for (unsigned i = 0; i < handle.head.handle_bytes; i++) printf("%02x", handle.bytes[i]);
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    struct sockaddr_un file = {.sun_family = AF_UNIX}, abstract = {.sun_family = AF_UNIX};
    char path[256];
    snprintf(file.sun_path, sizeof file.sun_path, "%s/socket", argv[1]);
    listens((struct sockaddr *)&file, sizeof file);
    chmod(file.sun_path, 0600);
    size_t length = (size_t)snprintf(abstract.sun_path + 1, sizeof abstract.sun_path - 1, "%s", argv[2]);
    listens((struct sockaddr *)&abstract, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length));
    struct sockaddr_in loopback = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof loopback;
    int end = listens((struct sockaddr *)&loopback, size);
    getsockname(end, (struct sockaddr *)&loopback, &size);
    int memory = shmget((key_t)strtol(argv[3], NULL, 0), 4096, IPC_CREAT | IPC_EXCL | 0666);
    if (memory < 0) {
        perror("shmget");
        return 2;
    }
    pid_t other = fork();
    if (other == 0) return neighbour();

    snprintf(path, sizeof path, "%s/secret", argv[1]);
    printf("host=%d neighbour=%d port=%d", getpid(), other, ntohs(loopback.sin_port));
    prints_handle("handle", path);
    prints_handle("folder-handle", argv[1]);
    puts("");
    fflush(stdout);
    while (getchar() != EOF) {}
    shmctl(memory, IPC_RMID, NULL);
    kill(other, SIGKILL);
    waitpid(other, NULL, 0);
    return 0;
}

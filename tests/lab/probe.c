/* Attempts what ways out of a container are made of, without harm, and prints how each attempt ends.
 *
 * `probe [name=value…]` prints one line an attempt: its name, and `allowed`, the name of an error, or what else happened.
 * Each attempt runs in a child of its own, so that nothing of it is left for the next one. Values are too large, images
 * empty, settings those that hold already: where an attempt would change something, it is made so that the kernel stops
 * it after it has looked at all rights, and the error that it then gives tells that the rights were there.
 *
 * What it can be told: `folder` (one that it may write to); `host` and `neighbour` (processes of the host); `handle`
 * and `folder-handle` (a file and a folder of the host); `canary` and `canary-folder` (where a folder of the host is mounted, or some of its files); `dev`,
 * `proc` and `sys` (where those of the host are mounted); `disk` and `disk-name` (a block device); `cgroup1` (1 where
 * there are cgroups of the first version); `shm`, `port` and `socket` (of a process of the host). */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/fanotify.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

/* What an attempt gives: 0 when it was let through, else an error number; -1 stands for errno. */
typedef int attempt(void);

#define CALL(...) (syscall(__VA_ARGS__) == -1 ? -1 : 0)

static int count;
static char **told;

static const char *tell(const char *name) {
    size_t length = strlen(name);
    for (int i = 1; i < count; i++)
        if (!strncmp(told[i], name, length) && told[i][length] == '=') return told[i] + length + 1;
    return "/absent";
}

static long number(const char *name) {
    return strtol(tell(name), NULL, 0);
}

static const char *below(const char *folder, const char *rest) {
    static char paths[4][512];
    static int turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof paths[0], "%s%s", folder, rest);
    return path;
}

/* A new folder or file of its own. */
static const char *own_folder(void) {
    const char *path = below(tell("folder"), "/place");
    mkdir(path, 0755);
    return path;
}

static const char *own_file(void) {
    const char *path = below(tell("folder"), "/file");
    int file = open(path, O_CREAT | O_RDWR, 0644);
    if (file >= 0) close(file);
    return path;
}

static int try_open(const char *path, int how) {
    return open(path, how | O_NONBLOCK | O_CLOEXEC) < 0 ? -1 : 0;
}

/* Mounts. Nothing below the container's own mount namespace is touched. */

static int mounts(const char *what, const char *kind, unsigned long flags, const char *data) {
    const char *place = own_folder();
    if (CALL(SYS_mount, what, place, kind, flags, data)) return -1;
    umount2(place, MNT_DETACH);
    return 0;
}

static int mount_tmpfs(void) { return mounts("none", "tmpfs", 0, NULL); }
static int mount_proc(void) { return mounts("none", "proc", 0, NULL); }
static int mount_sysfs(void) { return mounts("none", "sysfs", 0, NULL); }
static int mount_bind(void) { return mounts(tell("folder"), NULL, MS_BIND, NULL); }
static int mount_disk(void) { return mounts("/dev/null", "ext4", MS_RDONLY, NULL); }
static int mount_cgroup(void) {
    /* Where there is no such hierarchy, mounting one would make it, for the whole machine. */
    return number("cgroup1") ? mounts("none", "cgroup", 0, "devices") : ENODATA;
}
static int new_mount_api(void) { return CALL(SYS_fsopen, "tmpfs", 0); }
static int open_tree_clone(void) { return CALL(SYS_open_tree, AT_FDCWD, tell("folder"), 1 /* OPEN_TREE_CLONE */); }
static int umount_nothing(void) { return CALL(SYS_umount2, own_folder(), 0); }
static int pivot(void) { return CALL(SYS_pivot_root, own_folder(), own_folder()); }
static int change_root(void) { return CALL(SYS_chroot, "/"); }
static int remount_proc_sys(void) {
    if (CALL(SYS_mount, NULL, "/proc/sys", NULL, MS_REMOUNT | MS_BIND, NULL)) return -1;
    CALL(SYS_mount, NULL, "/proc/sys", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL);
    return 0;
}

/* Namespaces. */

static int unshare_mount(void) { return CALL(SYS_unshare, CLONE_NEWNS); }
static int unshare_uts(void) { return CALL(SYS_unshare, CLONE_NEWUTS); }
static int unshare_ipc(void) { return CALL(SYS_unshare, CLONE_NEWIPC); }
static int unshare_net(void) { return CALL(SYS_unshare, CLONE_NEWNET); }
static int unshare_pid(void) { return CALL(SYS_unshare, CLONE_NEWPID); }
static int unshare_cgroup(void) { return CALL(SYS_unshare, CLONE_NEWCGROUP); }
static int unshare_time(void) { return CALL(SYS_unshare, 0x80 /* CLONE_NEWTIME */); }
static int unshare_user(void) { return CALL(SYS_unshare, CLONE_NEWUSER); }

static int clones(unsigned long flags) {
    long child = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    if (child > 0) waitpid((pid_t)child, NULL, 0);
    return child < 0 ? -1 : 0;
}

static int clone_user(void) { return clones(CLONE_NEWUSER); }
static int clone_mount(void) { return clones(CLONE_NEWNS); }
static int clone_plain(void) { return clones(0); }
static int clone3_user(void) {
    uint64_t arguments[8] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD};
    long child = syscall(SYS_clone3, arguments, sizeof arguments);
    if (child == 0) _exit(0);
    if (child > 0) waitpid((pid_t)child, NULL, 0);
    return child < 0 ? -1 : 0;
}

static const char *of_process(const char *whose, const char *rest) {
    static char path[256];
    snprintf(path, sizeof path, "/proc/%ld/%s", number(whose), rest);
    return path;
}

static int enters(const char *path, int kind) {
    int space = open(path, O_RDONLY | O_CLOEXEC);
    if (space < 0) return -1;
    return CALL(SYS_setns, space, kind);
}

static int setns_own(void) { return enters("/proc/self/ns/uts", CLONE_NEWUTS); }
static int setns_host_mount(void) { return enters(of_process("host", "ns/mnt"), CLONE_NEWNS); }
static int setns_host_net(void) { return enters(of_process("host", "ns/net"), CLONE_NEWNET); }
static int setns_host_uts(void) { return enters(of_process("host", "ns/uts"), CLONE_NEWUTS); }

/* Other processes. Seizing does not stop them, and ends with the child. */

static int traces(const char *whose) { return CALL(SYS_ptrace, PTRACE_SEIZE, number(whose), 0, 0); }
static int ptrace_host(void) { return traces("host"); }
static int ptrace_neighbour(void) { return traces("neighbour"); }
static int ptrace_child(void) {
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    int result = CALL(SYS_ptrace, PTRACE_SEIZE, child, 0, 0), error = errno;
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    errno = error;
    return result;
}
static int reads_memory(const char *whose) {
    char here[8];
    struct iovec local = {here, sizeof here}, remote = {NULL, sizeof here};
    return CALL(SYS_process_vm_readv, number(whose), &local, 1, &remote, 1, 0);
}
static int memory_host(void) { return reads_memory("host"); }
static int memory_neighbour(void) { return reads_memory("neighbour"); }
static int pidfd_host(void) {
    int process = (int)syscall(SYS_pidfd_open, number("host"), 0);
    if (process < 0) return -1;
    return CALL(SYS_pidfd_getfd, process, 0, 0);
}
static int signal_host(void) { return CALL(SYS_kill, number("host"), 0); }
static int signal_neighbour(void) { return CALL(SYS_kill, number("neighbour"), 0); }
static int environ_host(void) { return try_open(of_process("host", "environ"), O_RDONLY); }
static int environ_neighbour(void) { return try_open(of_process("neighbour", "environ"), O_RDONLY); }
static int root_host(void) { return try_open(of_process("host", "root/"), O_RDONLY); }
static int root_neighbour(void) { return try_open(of_process("neighbour", "root/"), O_RDONLY); }
static int compare_processes(void) { return CALL(SYS_kcmp, getpid(), getpid(), 0, 0, 0); }

/* Files and devices. */

static int opens_handle(const char *name, int how) {
    struct { struct file_handle head; unsigned char bytes[128]; } handle = {0};
    const char *text = tell(name);
    char *rest;
    handle.head.handle_type = (int)strtol(text, &rest, 10);
    unsigned size = 0;
    for (rest += *rest == ':'; rest[0] && rest[1] && size < sizeof handle.bytes; rest += 2, size++) {
        unsigned byte;
        sscanf(rest, "%2x", &byte);
        handle.bytes[size] = (unsigned char)byte;
    }
    handle.head.handle_bytes = size;
    int folder = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return CALL(SYS_open_by_handle_at, folder, &handle, how);
}
static int by_handle(void) { return opens_handle("handle", O_RDONLY); }
static int folder_by_handle(void) { return opens_handle("folder-handle", O_RDONLY | O_DIRECTORY); }
static int makes_device(mode_t kind, dev_t device, int then_open) {
    const char *path = below(tell("folder"), "/device");
    unlink(path);
    if (CALL(SYS_mknodat, AT_FDCWD, path, kind | 0600, device)) return -1;
    int result = then_open ? try_open(path, O_RDONLY) : 0, error = errno;
    unlink(path);
    errno = error;
    return result;
}
static dev_t disk(void) { return (dev_t)number("disk"); }
static int mknod_char(void) { return makes_device(S_IFCHR, makedev(1, 1), 0); }
static int mknod_disk(void) { return makes_device(S_IFBLK, disk(), 0); }
static int mknod_disk_open(void) { return makes_device(S_IFBLK, disk(), 1); }
static int mknod_pipe(void) { return makes_device(S_IFIFO, 0, 0); }
static int open_disk(void) { return try_open(below("/dev/", tell("disk-name")), O_RDONLY); }
static int open_kmsg(void) { return try_open("/dev/kmsg", O_RDONLY); }
static int open_null(void) { return try_open("/dev/null", O_RDWR); }
static int mounted_disk(void) { return try_open(below(tell("dev"), below("/", tell("disk-name"))), O_RDONLY); }
static int mounted_kmsg(void) { return try_open(below(tell("dev"), "/kmsg"), O_RDONLY); }

static int core_pattern(void) { return try_open("/proc/sys/kernel/core_pattern", O_WRONLY); }
static int mounted_core_pattern(void) { return try_open(below(tell("proc"), "/sys/kernel/core_pattern"), O_WRONLY); }
static int forwarding(void) { return try_open("/proc/sys/net/ipv4/ip_forward", O_WRONLY); }
static int sysrq(void) { return try_open("/proc/sysrq-trigger", O_WRONLY); }
static int sys_kernel(void) { return try_open("/sys/kernel/rcu_expedited", O_WRONLY); }
static int mounted_sys_kernel(void) { return try_open(below(tell("sys"), "/kernel/rcu_expedited"), O_WRONLY); }
static int oom_score(void) { return try_open("/proc/self/oom_score_adj", O_WRONLY); }

/* A masked file is the null device. */
static int unmasked(const char *path) {
    struct stat known;
    if (stat(path, &known)) return -1;
    if (S_ISCHR(known.st_mode)) return ENODATA;
    return try_open(path, O_RDONLY);
}
static int kernel_memory(void) { return unmasked("/proc/kcore"); }
static int timers(void) { return unmasked("/proc/timer_list"); }
static int firmware(void) {
    DIR *folder = opendir("/sys/firmware");
    if (!folder) return -1;
    int entries = 0;
    while (readdir(folder)) entries++;
    return entries > 2 ? 0 : ENODATA;
}

static int root_file(void) { return try_open("/lab/file", O_WRONLY); }
static int others_file(void) { return try_open("/lab/of-others", O_RDONLY); }
static int canary_public(void) { return try_open(below(tell("canary"), "/public"), O_RDONLY); }
static int canary_secret(void) { return try_open(below(tell("canary"), "/secret"), O_RDONLY); }
static int canary_write(void) { return try_open(below(tell("canary"), "/secret"), O_WRONLY); }
static int canary_create(void) {
    const char *path = below(tell("canary-folder"), "/made");
    int file = open(path, O_CREAT | O_WRONLY | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return -1;
    unlink(path);
    return 0;
}

/* Sockets. */

static int meets(const struct sockaddr *address, socklen_t size) {
    int end = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (end < 0) return -1;
    return CALL(SYS_connect, end, address, size);
}
static int canary_connect(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", tell("canary"));
    return meets((struct sockaddr *)&address, sizeof address);
}
static int abstract_connect(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "%s", tell("socket"));
    return meets((struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(tell("socket"))));
}
static int loopback_connect(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)number("port")), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return meets((struct sockaddr *)&address, sizeof address);
}
static int socket_of(int family, int kind, int protocol) { return CALL(SYS_socket, family, kind | SOCK_CLOEXEC, protocol); }
static int socket_alg(void) { return socket_of(AF_ALG, SOCK_SEQPACKET, 0); }
static int socket_packet(void) { return socket_of(AF_PACKET, SOCK_RAW, 0); }
static int socket_raw(void) { return socket_of(AF_INET, SOCK_RAW, IPPROTO_ICMP); }
static int socket_vsock(void) { return socket_of(AF_VSOCK, SOCK_STREAM, 0); }
static int socket_stream(void) { return socket_of(AF_INET, SOCK_STREAM, 0); }
static int interface_flags(void) {
    struct ifreq request = {.ifr_name = "lo"};
    int end = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (end < 0 || ioctl(end, SIOCGIFFLAGS, &request)) return -1;
    return ioctl(end, SIOCSIFFLAGS, &request); /* those that it has */
}
static int shared_memory(void) { return shmget((key_t)number("shm"), 0, 0) < 0 ? -1 : 0; }

/* Parts of the kernel. */

static int key_ring(void) { return CALL(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0); }
static int key_add(void) { return CALL(SYS_add_key, "user", "watertight-lab", "x", 1, KEY_SPEC_PROCESS_KEYRING); }
static int bpf_map(void) {
    union bpf_attr asked = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
    return CALL(SYS_bpf, BPF_MAP_CREATE, &asked, sizeof asked);
}
static int bpf_program(void) {
    struct bpf_insn nothing[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K}, {.code = BPF_JMP | BPF_EXIT}};
    union bpf_attr asked = {.prog_type = BPF_PROG_TYPE_KPROBE, .insns = (uintptr_t)nothing, .insn_cnt = 2, .license = (uintptr_t)"GPL"};
    return CALL(SYS_bpf, BPF_PROG_LOAD, &asked, sizeof asked);
}
static int measures(int whole_kernel, pid_t whom, int processor) {
    struct perf_event_attr asked = {.type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_CPU_CLOCK, .size = sizeof asked};
    asked.disabled = 1;
    asked.exclude_kernel = asked.exclude_hv = !whole_kernel;
    return CALL(SYS_perf_event_open, &asked, whom, processor, -1, PERF_FLAG_FD_CLOEXEC);
}
static int perf_own(void) { return measures(0, 0, -1); }
static int perf_kernel(void) { return measures(1, 0, -1); }
static int perf_everyone(void) { return measures(0, -1, 0); }
static int io_uring(void) {
    char asked[120] = {0}; /* struct io_uring_params, which older headers lack */
    return CALL(SYS_io_uring_setup, 1, asked);
}
static int user_faults(void) { return CALL(SYS_userfaultfd, O_CLOEXEC); }
static int file_watch(void) { return CALL(SYS_fanotify_init, FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY); }
static int module_load(void) { return CALL(SYS_init_module, "", 0, ""); }
static int module_load_file(void) { return CALL(SYS_finit_module, -1, "", 0); }
static int module_remove(void) { return CALL(SYS_delete_module, "watertight_lab_has_none", O_NONBLOCK); }
static int kernel_load(void) { return CALL(SYS_kexec_load, 0, 0, NULL, 0x8000); }
static int ports(void) { return CALL(SYS_ioperm, 0x80, 1, 1); }
static int port_level(void) { return CALL(SYS_iopl, 3); }
static int kernel_log(void) { return CALL(SYS_syslog, 10 /* SYSLOG_ACTION_SIZE_BUFFER */, NULL, 0); }
static int swap(void) { return CALL(SYS_swapon, "/watertight-lab-has-none", 0); }
static int accounting(void) { return CALL(SYS_acct, "/watertight-lab-has-none"); }
static int restart(void) { return CALL(SYS_reboot, 1, 2, 3, NULL); }

/* The machine's name and time: the same name, a time zone that no place has. */

static int host_name(void) {
    struct utsname names;
    uname(&names);
    return CALL(SYS_sethostname, names.nodename, strlen(names.nodename));
}
static int domain_name(void) {
    struct utsname names;
    uname(&names);
    return CALL(SYS_setdomainname, names.domainname, strlen(names.domainname));
}
static int set_time(void) {
    struct timezone nowhere = {.tz_minuteswest = 10000};
    return CALL(SYS_settimeofday, NULL, &nowhere);
}
static int adjust_time(void) {
    struct timex change = {.modes = ADJ_TICK, .tick = 0};
    return CALL(SYS_adjtimex, &change);
}

/* Its own rights. */

static int other_user(void) { return CALL(SYS_setresuid, 12345, 12345, 12345); }
static int other_groups(void) {
    gid_t groups[] = {12345};
    return CALL(SYS_setgroups, 1, groups);
}
static int give_away(void) { return CALL(SYS_chown, own_file(), 12345, -1); }
static int priority(void) { return setpriority(PRIO_PROCESS, 0, -5); }
static int file_capability(void) {
    struct vfs_cap_data rights = {.magic_etc = VFS_CAP_REVISION_2, .data = {{.permitted = 1 << CAP_NET_RAW}}};
    const char *path = own_file();
    if (setxattr(path, "security.capability", &rights, XATTR_CAPS_SZ_2, 0)) return -1;
    removexattr(path, "security.capability");
    return 0;
}
static int fixed_addresses(void) { return CALL(SYS_personality, ADDR_NO_RANDOMIZE); }
static int anonymous_file(void) { return CALL(SYS_memfd_create, "watertight-lab", 0); }
/* A program of root with the set-user-id bit: this one, which then ends with 0 as root and with EPERM as anybody else. */
static int become_root(void) {
    execl("/lab/raise", "raise", (char *)NULL);
    return -1;
}

static const struct {
    const char *name;
    attempt *run;
} ATTEMPTS[] = {
    {"mount-tmpfs", mount_tmpfs}, {"mount-proc", mount_proc}, {"mount-sysfs", mount_sysfs}, {"mount-bind", mount_bind},
    {"mount-disk", mount_disk}, {"mount-cgroup1", mount_cgroup}, {"mount-new-api", new_mount_api},
    {"mount-tree", open_tree_clone}, {"umount", umount_nothing}, {"pivot-root", pivot}, {"chroot", change_root},
    {"unshare-mount", unshare_mount}, {"unshare-uts", unshare_uts}, {"unshare-ipc", unshare_ipc},
    {"unshare-net", unshare_net}, {"unshare-pid", unshare_pid}, {"unshare-cgroup", unshare_cgroup},
    {"unshare-time", unshare_time}, {"unshare-user", unshare_user}, {"clone-user", clone_user},
    {"clone-mount", clone_mount}, {"clone-plain", clone_plain}, {"clone3-user", clone3_user},
    {"setns-own-uts", setns_own}, {"setns-host-mount", setns_host_mount}, {"setns-host-net", setns_host_net},
    {"setns-host-uts", setns_host_uts},
    {"ptrace-host", ptrace_host}, {"ptrace-neighbour", ptrace_neighbour}, {"ptrace-child", ptrace_child},
    {"memory-host", memory_host}, {"memory-neighbour", memory_neighbour}, {"pidfd-host", pidfd_host},
    {"signal-host", signal_host}, {"signal-neighbour", signal_neighbour}, {"environ-host", environ_host},
    {"environ-neighbour", environ_neighbour}, {"root-host", root_host}, {"root-neighbour", root_neighbour},
    {"compare-processes", compare_processes},
    {"open-by-handle", by_handle}, {"folder-by-handle", folder_by_handle}, {"mknod-char", mknod_char}, {"mknod-disk", mknod_disk},
    {"mknod-disk-open", mknod_disk_open}, {"mknod-pipe", mknod_pipe}, {"open-disk", open_disk},
    {"open-kmsg", open_kmsg}, {"open-null", open_null}, {"mounted-disk", mounted_disk}, {"mounted-kmsg", mounted_kmsg},
    {"core-pattern", core_pattern}, {"mounted-core-pattern", mounted_core_pattern}, {"ip-forward", forwarding},
    {"sysrq", sysrq}, {"sys-kernel", sys_kernel}, {"mounted-sys-kernel", mounted_sys_kernel}, {"oom-score", oom_score},
    {"kernel-memory", kernel_memory}, {"timers", timers}, {"firmware", firmware},
    {"root-file", root_file}, {"others-file", others_file}, {"canary-public", canary_public},
    {"canary-secret", canary_secret}, {"canary-write", canary_write}, {"canary-create", canary_create},
    {"canary-connect", canary_connect}, {"abstract-connect", abstract_connect}, {"loopback-connect", loopback_connect},
    {"socket-alg", socket_alg}, {"socket-packet", socket_packet}, {"socket-raw", socket_raw},
    {"socket-vsock", socket_vsock}, {"socket-stream", socket_stream}, {"interface-flags", interface_flags},
    {"shared-memory", shared_memory},
    {"key-ring", key_ring}, {"key-add", key_add}, {"bpf-map", bpf_map}, {"bpf-program", bpf_program},
    {"perf-own", perf_own}, {"perf-kernel", perf_kernel}, {"perf-everyone", perf_everyone}, {"io-uring", io_uring},
    {"user-faults", user_faults}, {"file-watch", file_watch}, {"module-load", module_load},
    {"module-load-file", module_load_file}, {"module-remove", module_remove}, {"kernel-load", kernel_load},
    {"ports", ports}, {"port-level", port_level}, {"kernel-log", kernel_log}, {"swap", swap}, {"accounting", accounting},
    {"restart", restart}, {"host-name", host_name}, {"domain-name", domain_name}, {"set-time", set_time},
    {"adjust-time", adjust_time},
    {"other-user", other_user}, {"other-groups", other_groups}, {"give-away", give_away}, {"priority", priority},
    {"file-capability", file_capability}, {"fixed-addresses", fixed_addresses}, {"anonymous-file", anonymous_file},
    {"become-root", become_root}, {"remount-proc-sys", remount_proc_sys},
};

static const char *ending(int status) {
    static char word[32];
    if (WIFSIGNALED(status)) {
        snprintf(word, sizeof word, "SIG%s", sigabbrev_np(WTERMSIG(status)));
        return word;
    }
    int error = WEXITSTATUS(status);
    const char *name = error ? strerrorname_np(error) : "allowed";
    if (name) return name;
    snprintf(word, sizeof word, "%d", error);
    return word;
}

int main(int argc, char **argv) {
    if (!strcmp(argv[0], "raise")) return geteuid() == 0 ? 0 : EPERM;
    count = argc;
    told = argv;
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    for (size_t i = 0; i < sizeof ATTEMPTS / sizeof *ATTEMPTS; i++) {
        pid_t child = fork();
        if (child < 0) return 2;
        if (child == 0) {
            alarm(5);
            errno = 0;
            int result = ATTEMPTS[i].run();
            _exit(result == -1 ? errno : result);
        }
        int status;
        if (waitpid(child, &status, 0) != child) return 2;
        printf("%s %s\n", ATTEMPTS[i].name, ending(status));
    }
    return fflush(stdout) ? 2 : 0;
}

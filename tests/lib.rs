//! What the tests and the benchmarks of the whole share.

mod dice;
pub mod growing;
pub mod parser;
#[allow(clippy::panic, clippy::indexing_slicing, reason = "a target fails by panicking")]
pub mod targets;

use std::fs;
use std::path::{Path, PathBuf};

pub use dice::Dice;

/// The folder with other projects' tables and files: what `WATERTIGHT_CORPUS` names, else `../shared/corpus` beside the
/// workspace; `None` when there is none.
pub fn corpus() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let root = std::env::var_os("WATERTIGHT_CORPUS").map_or_else(beside, PathBuf::from);
    root.is_dir().then_some(root)
}

/// All files below a folder whose names end so, sorted; none where there is no such folder.
pub fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|own| endings.iter().any(|ending| own == *ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A manifest of `count` pods, about a kilobyte each: every third is bad, plain or hardened. Always the same text.
pub fn manifest(count: usize) -> String {
    let mut text = String::with_capacity(count * 1_024);
    for number in 0..count {
        text.push_str("---\n");
        let kind = match number % 3 {
            0 => BAD,
            1 => PLAIN,
            _ => HARDENED,
        };
        text.push_str(&kind.replace("NUMBER", &number.to_string()));
    }
    text
}

/// A name and a text.
pub type File = (&'static str, String);

/// Sets of files for the escape map, each about one container, with a name: a bad pod, a hardened one, and one with
/// profiles of its own and the versions of its node.
pub fn mapped_pods() -> Vec<(&'static str, Vec<File>)> {
    let pod = |text: &str| ("pod.yaml", text.replace("NUMBER", "1"));
    let profiles = vec![
        pod(PROFILED),
        ("web.json", SECCOMP.to_owned()),
        ("web", APPARMOR.to_owned()),
        ("node.txt", "Linux node 6.8.0-45-generic #45-Ubuntu SMP x86_64 GNU/Linux\nrunc version 1.1.12\n".to_owned()),
    ];
    vec![("a bad pod", vec![pod(BAD)]), ("a hardened pod", vec![pod(HARDENED)]), ("a pod in profiles", profiles)]
}

const PROFILED: &str = r#"apiVersion: v1
kind: Pod
metadata:
  name: web-NUMBER
spec:
  containers:
    - name: web
      image: shop/web:1.4
      securityContext:
        runAsUser: 0
        seccompProfile: { type: Localhost, localhostProfile: web.json }
        appArmorProfile: { type: Localhost, localhostProfile: web }
        capabilities: { drop: [ALL], add: [SYS_ADMIN, NET_ADMIN, DAC_OVERRIDE] }
      volumeMounts:
        - { name: data, mountPath: /data }
  volumes:
    - name: data
      hostPath: { path: /srv/data }
"#;

const SECCOMP: &str = r#"{
  "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1, "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
  "syscalls": [
    {"names": ["accept4", "bind", "brk", "close", "connect", "epoll_ctl", "epoll_wait", "execve", "exit", "exit_group",
      "fstat", "futex", "getdents64", "getpid", "listen", "lseek", "mmap", "mprotect", "munmap", "newfstatat", "openat",
      "pread64", "prlimit64", "read", "rt_sigaction", "rt_sigreturn", "sendto", "setsockopt", "statx", "write"],
     "action": "SCMP_ACT_ALLOW"},
    {"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 38, "op": "SCMP_CMP_LT"}]},
    {"names": ["clone"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]}
  ]
}
"#;

const APPARMOR: &str = "abi <abi/4.0>,
profile web flags=(attach_disconnected) {
  network inet stream,
  capability net_bind_service,
  /usr/bin/web mr,
  /{,usr/}lib/** mr,
  /etc/web/** r,
  /data/** rw,
  deny /data/secret/** rw,
  deny mount,
  deny /proc/sys/** w,
}
";

const BAD: &str = r#"# Build runner, number NUMBER
apiVersion: v1
kind: Pod
metadata:
  name: runner-NUMBER
  namespace: build
  labels: { app: runner, part-of: "ci" }
  annotations:
    example.com/owner: platform team
spec:
  hostPID: yes
  hostNetwork: true
  serviceAccountName: runner
  containers:
    - name: runner
      image: registry.example.com:5000/ci/runner
      command: ["/usr/bin/runner", "--listen", "0.0.0.0:8080"]
      securityContext:
        privileged: true
        capabilities:
          add: [SYS_ADMIN, NET_ADMIN]
      env:
        - name: HOME
          value: /home/runner
        - name: TOKEN
          valueFrom:
            secretKeyRef: { name: runner, key: token }
      ports:
        - containerPort: 8080
          hostPort: 8080
      volumeMounts:
        - name: docker
          mountPath: /var/run/docker.sock
        - name: logs
          mountPath: /host/log # read by the collector
  volumes:
    - name: docker
      hostPath:
        path: /var/run/docker.sock
        type: Socket
    - name: logs
      hostPath: { path: /var/log }
"#;

const PLAIN: &str = r#"apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-NUMBER
  namespace: shop
spec:
  replicas: 3
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      initContainers:
        - name: migrate
          image: shop/migrate:1.4
          args: ["up"]
      containers:
        - name: web
          image: shop/web:latest
          ports:
            - containerPort: 8080
          livenessProbe:
            httpGet: { path: /healthz, port: 8080 }
          readinessProbe:
            httpGet:
              path: /ready
              port: 8080
          resources:
            requests: { cpu: 100m, memory: 64Mi }
          volumeMounts:
            - { name: cache, mountPath: /var/cache/web }
            - { name: config, mountPath: /etc/web, readOnly: true }
      volumes:
        - name: cache
          emptyDir: {}
        - name: config
          configMap: { name: web }
"#;

const HARDENED: &str = r#"apiVersion: batch/v1
kind: CronJob
metadata:
  name: report-NUMBER
  namespace: finance
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          automountServiceAccountToken: false
          hostUsers: false
          securityContext:
            runAsNonRoot: true
            runAsUser: 10001
            seccompProfile:
              type: RuntimeDefault
          containers:
            - name: report
              image: finance/report:2.3@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities:
                  drop: [ALL]
              resources:
                limits:
                  cpu: 500m
                  memory: 256Mi
              volumeMounts:
                - name: tmp
                  mountPath: /tmp
          volumes:
            - name: tmp
              emptyDir: {}
"#;

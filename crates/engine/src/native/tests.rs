use watertight_diagnostic::report::{InputKind, Report};
use watertight_diagnostic::{Confidence, Level, Settings};
use watertight_text::Encoding;
use watertight_text::sort;

use crate::{Input, analyse, harden};

fn report(text: &str) -> Report {
    analyse(&[Input { name: "x", text }], &Settings::default(), Encoding::Utf8)
}

/// The rules about ways out, each with the text it points at.
#[track_caller]
fn check(text: &str, kind: InputKind, expected: &[(&str, &str)]) {
    let report = report(text);
    assert_eq!(report.files[0].kind, kind, "{text}");
    assert!(report.pods.iter().all(|pod| pod.admission.is_empty()), "admission has no say here");
    let mut found: Vec<_> = report
        .findings
        .iter()
        .filter(|found| found.category == watertight_diagnostic::Category::Escape)
        .map(|found| {
            let range = found.primary.range;
            (&*found.rule, &text[range.start as usize..range.end as usize])
        })
        .collect();
    let mut expected = expected.to_vec();
    sort::by(&mut found, Ord::cmp);
    sort::by(&mut expected, Ord::cmp);
    assert_eq!(found, expected, "{text}");
    for found in &report.findings {
        for said in [&*found.what, &*found.why, &*found.how] {
            for word in ["kubelet", "API server", "securityContext", " pod ", "Kubernetes"] {
                assert!(!said.contains(word), "{}: {said}", found.rule);
            }
        }
    }
}

#[track_caller]
fn line(text: &str, expected: &[(&str, &str)]) {
    check(text, InputKind::CommandLines, expected);
}

#[test]
fn ways_out_of_command_lines() {
    line("docker run alpine", &[]);
    line("docker run --privileged alpine", &[("privileged", "--privileged")]);
    line("docker run --privileged=false alpine", &[]);
    line("docker run --privileged --privileged=0 alpine", &[]);
    line("docker container create --privileged alpine", &[("privileged", "--privileged")]);
    line("/usr/bin/podman run --privileged alpine", &[("privileged", "--privileged")]);
    line("$ sudo -E docker -l debug run --pid=host alpine", &[("host-pid", "--pid=host")]);
    line("docker run --pid host --pid= alpine", &[]);
    line("podman run --pid host --pid private alpine", &[]);
    line("docker run --security-opt systempaths:unconfined alpine", &[]);
    line(
        "podman run --security-opt systempaths:unconfined alpine",
        &[("proc-mount-unmasked", "systempaths:unconfined")],
    );
    line("docker run --security-opt unmask=ALL alpine", &[]);
    line("podman run --security-opt unmask=ALL alpine", &[("proc-mount-unmasked", "unmask=ALL")]);
    line("docker run --pid container:db alpine", &[("share-process-namespace", "--pid container:db")]);
    line("docker run --net=host --ipc host alpine", &[("host-network", "--net=host"), ("host-ipc", "--ipc host")]);
    line("docker run --network name=Host,alias=web alpine", &[("host-network", "--network name=Host,alias=web")]);
    line("docker run --net host --net none alpine", &[("host-network", "--net host")]);
    line("podman run --network name=host alpine", &[]);
    line("docker run --userns=host alpine", &[("host-user-namespace", "--userns=host")]);
    line("docker run --cap-add sys_admin alpine", &[("dangerous-capability", "sys_admin")]);
    line("docker run --cap-add=CAP_NET_ADMIN --cap-drop all alpine", &[("dangerous-capability", "CAP_NET_ADMIN")]);
    line("docker run --security-opt seccomp=unconfined alpine", &[("seccomp-unconfined", "seccomp=unconfined")]);
    line("docker run --security-opt=seccomp:unconfined alpine", &[("seccomp-unconfined", "seccomp:unconfined")]);
    line("docker run --security-opt 'apparmor=unconfined' alpine", &[("apparmor-unconfined", "'apparmor=unconfined'")]);
    line("docker run --security-opt label=disable alpine", &[("selinux-custom", "label=disable")]);
    line(
        "docker run --security-opt systempaths=unconfined alpine",
        &[("proc-mount-unmasked", "systempaths=unconfined")],
    );
    line("docker run --sysctl kernel.core_pattern=x alpine", &[("unsafe-sysctl", "kernel.core_pattern=x")]);
    line("docker run --device /dev/sda:/dev/x:r alpine", &[("host-device-mount", "/dev/sda")]);
    line("docker run --device /dev/sda:rwm alpine", &[("host-device-mount", "/dev/sda")]);
    line("docker run --device nvidia.com/gpu=all alpine", &[]);
    line("podman run --rootfs / sh", &[("host-root-mount", "/")]);
    line("podman run --rootfs=false / sh", &[]);
    line("docker run --device-cgroup-rule 'a *:* rwm' alpine", &[("open-device-rules", "'a *:* rwm'")]);
    line("docker run --device-cgroup-rule 'c 10:200 rw' alpine", &[]);
    line("docker run --device-cgroup-rule 'c *:* m' alpine", &[]);
    line("docker run --device-cgroup-rule 'b *:* mr' alpine", &[("open-device-rules", "'b *:* mr'")]);
    line("docker run --use-api-socket alpine", &[("runtime-socket-mount", "--use-api-socket")]);
    line("docker run -w /proc/self/fd/8 alpine", &[("working-dir-through-descriptor", "-w /proc/self/fd/8")]);
    line("docker run --workdir=/proc/self/fd/8 -w /app alpine", &[]);
    line("docker run --use-api-socket=true alpine", &[("runtime-socket-mount", "true")]);
    line("docker run --use-api-socket --use-api-socket=false alpine", &[]);
    line("lima nerdctl run --pid=host alpine", &[("host-pid", "--pid=host")]);
    // What follows the image is the program's own.
    line("docker run alpine --privileged --pid=host", &[]);
    line("docker run -- alpine --privileged", &[]);
    line("docker run -e PRIVILEGED=--privileged alpine", &[]);
    line("docker ps; docker run --privileged alpine && echo --pid=host", &[("privileged", "--privileged")]);
    line("docker run 2>/dev/null --pid=host alpine", &[("host-pid", "--pid=host")]);
    line("docker run \\\n  --pid=host \\\n  alpine", &[("host-pid", "--pid=host")]);
    line("docker run `\r\n  --pid=host `\r\n  alpine", &[("host-pid", "--pid=host")]);
    line("docker run ^\r\n  --pid=host ^\r\n  alpine", &[("host-pid", "--pid=host")]);
}

#[test]
fn paths_of_the_host_in_command_lines() {
    line("docker run -v /:/host alpine", &[("host-root-mount", "/")]);
    line("docker run -itv /:/host alpine", &[("host-root-mount", "/")]);
    line("docker run -v/:/host alpine", &[("host-root-mount", "/")]);
    line("docker run --volume=/etc/../:/host alpine", &[("host-root-mount", "/etc/../")]);
    line("docker run -v \"/var/run/docker.sock:/s\" alpine", &[("runtime-socket-mount", "/var/run/docker.sock")]);
    line("docker run --mount type=bind,source=/proc,target=/p alpine", &[("host-proc-mount", "/proc")]);
    line("docker run --mount 'type=bind,\"src=/sys\",dst=/s,readonly' alpine", &[("host-sys-mount", "/sys")]);
    line("docker run --mount Type=BIND,Source=/sys,Target=/s alpine", &[("host-sys-mount", "/sys")]);
    line(
        "docker run --mount src=x,dst=/x,volume-driver=local,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/ alpine",
        &[("host-root-mount", "/")],
    );
    line("docker run --mount src=x,dst=/x,volume-opt=type=nfs,volume-opt=device=:/ alpine", &[]);
    line(
        "docker run --mount dst=/x,volume-opt=type=ext4,volume-opt=device=/dev/sda1 alpine",
        &[("host-device-mount", "/dev/sda1")],
    );
    line(
        "docker run --mount type=bind,src=/srv,dst=/x,bind-propagation=RSHARED alpine",
        &[("host-path-mount", "/srv"), ("mount-propagation", "RSHARED")],
    );
    line("docker run -v %cd%:/x alpine", &[("host-path-mount", "%cd%")]);
    line("docker run -v data:/data -v /scratch --tmpfs /tmp --mount src=x,dst=/y alpine", &[]);
    line("docker run -v $PWD:/data alpine", &[("host-path-mount", "$PWD")]);
    line("docker run -v ~/.ssh:/ssh alpine", &[("host-path-mount", "~/.ssh")]);
    line("docker run -v ${A:-/x}:/data alpine", &[("host-path-mount", "${A:-/x}")]);
    line("docker run -v /srv:/srv:rshared alpine", &[("host-path-mount", "/srv"), ("mount-propagation", "rshared")]);
}

/// The findings about the line itself.
#[track_caller]
fn faults(text: &str, expected: &[(&str, &str)]) {
    let report = report(text);
    let faults = ["unknown-field", "missing-field", "invalid-value"];
    let found: Vec<_> = report.findings.iter().filter(|found| faults.contains(&&*found.rule)).collect();
    let found: Vec<_> = found.iter().map(|found| (&*found.what, &*found.how)).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn faults_of_command_lines() {
    let look = "Take it out, or look up how the option is called.";
    let change = "Change the value, or take the option out.";
    faults("docker run --rm -it --name x -P alpine:3 sh", &[]);
    faults(
        "docker run --priviledged alpine",
        &[("docker run has no option called --priviledged.", "Did you mean --privileged?")],
    );
    faults("docker run --zzz alpine", &[("docker run has no option called --zzz.", look)]);
    faults("docker run -z alpine", &[("docker run has no option called -z.", look)]);
    faults("docker run --read-only-tmpfs alpine", &[("docker run has no option called --read-only-tmpfs.", look)]);
    faults("podman run --read-only-tmpfs alpine", &[]);
    faults("docker run", &[("This command names no image.", "Put the image behind the options.")]);
    faults("docker run alpine 'x", &[("This quote is never closed.", change)]);
    faults("docker run --cap-add NET_ADMN alpine", &[("No capability is called NET_ADMN.", change)]);
    faults("docker run --privileged=yes alpine", &[("\"yes\" is neither true nor false.", change)]);
    faults("docker run --privileged=$P alpine", &[]);
    faults("docker run -v /a:/b:rw,what alpine", &[("There is no mount mode called \"what\".", change)]);
    faults(
        "docker run --memory 512Mi alpine",
        &[(
            "\"512Mi\" is no amount of memory to Docker. It takes bytes, or a number with b, k, m, g, t or p behind it, \
             such as 512m.",
            change,
        )],
    );
    faults("podman run --memory 512Mi alpine", &[]);
    faults("docker run --memory $M --cpus ${C} alpine", &[]);
    // What Docker refuses, line by line as its parsers do.
    for (options, what) in [
        ("--security-opt no-new-privileges=yes", "\"yes\" is neither true nor false."),
        ("--security-opt seccomp=", "The security option seccomp needs a value behind it: seccomp=…."),
        (
            "--security-opt systempaths:unconfined",
            "What is hidden of /proc and /sys is shown by systempaths=unconfined and by nothing else.",
        ),
        ("--pid private", "There is no pid mode called \"private\"; host exists."),
        ("--pid ns:/x", "There is no pid mode called \"ns:/x\"; host exists."),
        ("--uts container:x", "There is no uts mode called \"container:x\"; host exists."),
        ("--userns keep-id", "There is no userns mode called \"keep-id\"; host exists."),
        ("--cgroupns none", "There is no cgroupns mode called \"none\"; host, private exist."),
        ("--ipc ns:x", "There is no ipc mode called \"ns:x\"; host, private, shareable, none exist."),
        ("--device sda", "\"sda\" is no path from the root, which a device needs."),
        ("--device /dev/a:/dev/b:x", "\"x\" are no permissions of a device; r, w and m exist, each once."),
        ("--device /dev/a:/dev/b:r:w", "A device is told as source:target:permissions."),
        ("-v data", "\"data\" is no path from the root, which is where a volume has to arrive."),
        ("-v /data:ro", "\"ro\" is no path from the root, which is where a volume has to arrive."),
        ("-v /a:/b:ro:z", "A volume is told as source:target:modes."),
        ("-v :/b", "A volume is told as source:target:modes, and none of them is empty here."),
        ("-v /a:/", "Nothing can be mounted over the root of a container."),
        ("-v /a:/b:ro,rw", "Of ro, rw a volume takes one, and once."),
        ("-v /a:/b:rro", "There is no mount mode called \"rro\"."),
        ("-v /a:/b:exec", "There is no mount mode called \"exec\"."),
        ("-v a/b:/c", "\"a/b\" is no name of a volume. A folder of the host begins with / or with ./."),
        ("--mount type=bind,src=/a,dst=/b,readonly=yes", "\"yes\" is neither true nor false."),
        (
            "--mount type=bind,src=/a,dst=/b,bind-propagation=x",
            "There is no propagation called \"x\"; private, slave and shared exist, each with an r in front or without.",
        ),
        ("--mount type=bind,src=/a", "A mount needs a target: the path in the container."),
        ("--mount type=bind,dst=/a", "A mount of type bind needs a source: the path of the host."),
        ("--mount type=tmpfs,dst", "\"dst\" needs a value in a mount: dst=…."),
    ] {
        let report = report(&format!("docker run {options} alpine"));
        let found: Vec<_> = report.findings.iter().filter(|found| found.rule == "invalid-value").collect();
        assert!(
            found.iter().any(|found| found.what == what),
            "{options}: {:?}",
            found.iter().map(|f| &f.what).collect::<Vec<_>>()
        );
    }
    for options in [
        "--security-opt no-new-privileges",
        "--security-opt no-new-privileges:true",
        "--security-opt label:disable",
        "--security-opt seccomp=builtin",
        "--security-opt writable-cgroups=true",
        "--pid container:x --ipc container:x --cgroupns private --userns host",
        "--ipc shareable --uts host",
        "--device /dev/a --device /dev/a:r --device /dev/a:/dev/b:rwm --device class/5B45201D",
        "-v /a -v data:/a -v /a:/b:ro,z,rslave -v ./a:/b -v C:\\a:/b -v %cd%:/x",
        "--mount type=bind,src=/a,dst=/b,readonly --mount dst=/c,ro=1,volume-nocopy",
    ] {
        faults(&format!("docker run {options} alpine"), &[]);
    }
    faults("podman run --pid private --userns keep-id:uid=1 -v /a:/b:exec,U --uts private alpine", &[]);
    faults(
        "docker run --mount type=bind,src=/a,dst=/b,relabel=shared alpine",
        &[("docker run has no option called relabel.", look)],
    );
    faults(
        "docker run --mount type=bin,src=/,dst=/x alpine",
        &[("There is no mount type called \"bin\"; bind, volume, tmpfs and image exist.", change)],
    );
}

/// What the variables of a text hide: what is underlined, and what is said of it.
#[track_caller]
fn hidden(text: &str, expected: &[(&str, &str)]) {
    let report = report(text);
    let found = report.findings.iter().filter(|found| found.rule == "template-not-rendered");
    let found: Vec<_> = found
        .map(|found| (&text[found.primary.range.start as usize..found.primary.range.end as usize], &*found.what))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn variables_of_command_lines() {
    let any = |word, source| (word, format!("{source}, which is not here, may hold any option, such as --privileged."));
    for (text, word, source) in [
        ("docker run $OPTS nginx:1", "$OPTS", "The variable OPTS"),
        ("docker run --rm ${A[@]} -d nginx:1", "${A[@]}", "The variable A"),
        ("docker run \"${A[@]}\" nginx:1", "\"${A[@]}\"", "The variable A"),
        ("docker run \"$@\" nginx:1", "\"$@\"", "The variable @"),
        ("docker run ${P:+--privileged} nginx:1", "${P:+--privileged}", "The variable P"),
        ("docker run $X nginx:1", "$X", "The variable X"),
        ("docker run $X --rm nginx:1", "$X", "The variable X"),
        ("docker run $(cat opts) nginx:1", "$(cat opts)", "The output of a command"),
        ("docker run --$X nginx:1", "--$X", "The variable X"),
    ] {
        let (word, said) = any(word, source);
        hidden(text, &[(word, &said)]);
        let report = report(text);
        assert_eq!(report.pods[0].containers, ["nginx"], "{text}");
    }
    // Here nobody can tell which of the two it is.
    let (word, said) = any("$X", "The variable X");
    hidden("docker run $X sh", &[(word, &said)]);
    for text in [
        "docker run \"$IMAGE\"",
        "docker run $IMAGE",
        "docker run $X",
        "docker run $IMAGE sh -c ls",
        "docker run \"$X\" sh",
        "docker run $REGISTRY/nginx:$TAG sh",
        "docker run --rm -v $PWD:/x -e A=$A -p $P:80 -w $PWD --name $N nginx:1 $ARGS",
        "docker run -v $(pwd)/a:/x -v ${HOME}:/h -v ~/.ssh:/s --mount type=bind,src=`pwd`,dst=/b nginx:1",
        "docker run --rm $(docker build -q .) sh",
    ] {
        hidden(text, &[]);
    }
    let told = |setting, variable| format!("What {setting} says is in the variable {variable}, which is not here.");
    for (option, place, setting) in [
        ("--privileged=$P", "$P", "privileged"),
        ("--pid=${P:-host}", "${P:-host}", "pid"),
        ("--cap-add $P", "$P", "cap-add"),
        ("--security-opt seccomp=$P", "seccomp=$P", "security-opt"),
        ("--network $P", "$P", "network"),
        ("--use-api-socket=$P", "$P", "use-api-socket"),
        ("-u $P", "$P", "user"),
        ("-v $P", "$P", "volume"),
        ("-v data:/data:$P", "data:/data:$P", "volume"),
        ("-v $P:/data", "$P:/data", "volume"),
        ("-v $P/x:/data:ro", "$P/x:/data:ro", "volume"),
        ("-v /a/$P:/data", "/a/$P:/data", "volume"),
        ("--mount type=bind,src=$P,dst=/x", "type=bind,src=$P,dst=/x", "mount"),
        ("--mount type=$P,src=x,dst=/x", "type=$P,src=x,dst=/x", "mount"),
        ("--mount type=bind,src=/srv,dst=/x,readonly=$P", "type=bind,src=/srv,dst=/x,readonly=$P", "mount"),
    ] {
        hidden(&format!("docker run {option} nginx:1"), &[(place, &told(setting, "P"))]);
    }
}

#[test]
fn variables_of_services() {
    let told = |setting: &str, source: &str| {
        let are = if source.contains(" and ") { "are" } else { "is" };
        format!("What {setting} says is in {source}, which {are} not here.")
    };
    for (keys, place, setting, source) in [
        ("privileged: $P", "$P", "privileged", "the variable P"),
        ("privileged: \"${P:?no}\"", "\"${P:?no}\"", "privileged", "the variable P"),
        ("pid: ${P:+host}", "${P:+host}", "pid", "the variable P"),
        ("cap_add: [A$P]", "A$P", "cap_add", "the variable P"),
        ("security_opt:\n- seccomp:${P}", "seccomp:${P}", "security_opt", "the variable P"),
        ("user: $P:${Q}", "$P:${Q}", "user", "the variables P and Q"),
        ("use_api_socket: ${P}", "${P}", "use_api_socket", "the variable P"),
        ("volumes: [$P:/d]", "$P:/d", "volume", "the variable P"),
        ("volumes: [{type: bind, source: $P, target: /d}]", "$P", "volume", "the variable P"),
        (
            "volumes: [{type: bind, source: /d, target: /d, read_only: $P}]",
            "$P",
            "read_only of a volume",
            "the variable P",
        ),
        ("post_start: [{privileged: $P}]", "$P", "privileged of post_start", "the variable P"),
    ] {
        hidden(&service(keys), &[(place, &told(setting, source))]);
    }
    hidden(&service("privileged: ${P:-false}\nhostname: $H\nenvironment: {A: $A}\nvolumes: [$HOME:/d]"), &[]);
    hidden(&service("privileged: 'a$$b'"), &[]);
}

/// A default holds as long as nobody decides otherwise, and the finding says so.
#[test]
fn defaults_are_likely() {
    for (keys, rule, expected) in [
        ("privileged: true", "privileged", ""),
        ("privileged: ${P:-true}", "privileged", "This is the default of the variable P,"),
        ("pid: ${A:-${B:-host}}", "host-pid", "These are the defaults of variables,"),
        ("volumes: [\"${D:-/}:/d\"]", "host-root-mount", "This is the default of the variable D,"),
    ] {
        let report = report(&service(keys));
        let found = report.findings.iter().find(|found| found.rule == rule).unwrap();
        let confidence = if expected.is_empty() { Confidence::Certain } else { Confidence::Likely };
        assert_eq!(found.confidence, confidence, "{keys}");
        assert!(found.why.contains(expected), "{keys}: {}", found.why);
        assert_eq!(found.why.contains("default"), !expected.is_empty(), "{keys}: {}", found.why);
    }
}

#[test]
fn comments_leave_findings_of_command_lines_out() {
    let ask = "# watertight: ignore privileged mine";
    for (text, left_out, unused) in [
        (format!("docker run --privileged nginx {ask}"), 1, 0),
        (format!("{ask}\r\ndocker run --privileged nginx\r\n"), 1, 0),
        (format!("{ask}\n# and more\ndocker run --rm \\\n  --privileged \\\n  nginx\n"), 1, 0),
        (format!("docker run --rm \\\n  --privileged nginx {ask}"), 1, 0),
        (format!("docker run --rm nginx {ask}"), 0, 1),
        (format!("{ask}\ndocker run nginx\ndocker run --privileged nginx"), 0, 1),
        (format!("docker run --privileged nginx '{ask}'"), 0, 0),
        (format!("docker run --privileged nginx\n{ask}"), 0, 1),
    ] {
        let report = report(&text);
        let count = |rule: &str| report.findings.iter().filter(|found| found.rule == rule).count();
        assert_eq!(report.suppressed.len(), left_out, "{text}");
        assert_eq!(count("unused-suppression"), unused, "{text}");
        assert_eq!(count("privileged"), text.matches("--privileged").count() - left_out, "{text}");
    }
    let what = report("docker run nginx # watertight: ignore\n").findings;
    assert!(what.iter().any(|found| found.rule == "malformed-suppression"));
}

#[track_caller]
fn hardened(text: &str, expected: &str) {
    let settings = Settings { level: Level::Hardened, ..Settings::default() };
    let first = harden(&[Input { name: "x", text }], &settings);
    assert_eq!(first.files[0].text, expected);
    let again = harden(&[Input { name: "x", text: &first.files[0].text }], &settings);
    assert_eq!(again.files[0].text, expected, "hardened again");
}

#[test]
fn command_lines_are_hardened() {
    let options = "--cap-drop ALL --security-opt no-new-privileges --user 65532:65532 --memory 256m --cpus 0.5 \
                   --read-only --tmpfs /tmp";
    hardened("docker run alpine:3\n", &format!("docker run {options} alpine:3\n"));
    hardened(
        "# mine\nsudo docker run --rm \\\n\t--pid=host --net host \\\n\t-v /:/h \\\n\talpine:3 sh # yes\n",
        &format!(
            "# mine\nsudo docker run --rm \\\n\t{} \\\n\talpine:3 sh # yes\n",
            options.replace(" --", " \\\n\t--")
        ),
    );
    hardened("docker run --use-api-socket alpine:3\n", &format!("docker run {options} alpine:3\n"));
    for (sign, end) in [("\\", "\r\n"), ("`", "\n"), ("`", "\r\n"), ("^", "\r\n"), ("^", "\n")] {
        let next = format!(" {sign}{end}  ");
        hardened(
            &format!("docker run --rm{next}--pid=host --net host{next}-v /:/h{next}alpine:3 sh{end}"),
            &format!("docker run --rm{next}{}{next}alpine:3 sh{end}", options.replace(" --", &format!("{next}--"))),
        );
    }
    // Where quotes stand in the middle of a word, its value cannot be told from its option.
    let rest = "--cap-drop ALL --security-opt no-new-privileges -m 1g --cpus 1 --read-only --tmpfs /tmp";
    hardened(
        &format!("docker run {rest} --user='root' -v'/etc:/etc' -itv'/:/x' alpine:3"),
        &format!("docker run {rest} --user 10001:10001 -v'/etc:/etc' -itv'/:/x' alpine:3"),
    );
    hardened(
        "docker run -u 0:0 --cap-drop ALL --security-opt no-new-privileges:false -m 1g --cpus 1 --read-only=false \
         --tmpfs /tmp alpine:3",
        "docker run -u 10001:10001 --cap-drop ALL --security-opt no-new-privileges -m 1g --cpus 1 --read-only=true --tmpfs \
         /tmp alpine:3",
    );
}

/// A service with these keys.
fn service(keys: &str) -> String {
    let keys: String = keys.lines().map(|line| format!("    {line}\n")).collect();
    format!("services:\n  web:\n    image: nginx:1.27\n{keys}")
}

#[track_caller]
fn compose(keys: &str, expected: &[(&str, &str)]) {
    check(&service(keys), InputKind::Compose, expected);
}

#[test]
fn faults_of_services() {
    let list = |key: &str| format!("Compose takes a list for `{key}`, not a single value.");
    for key in ["cap_add", "cap_drop", "group_add"] {
        let told = list(key);
        faults(&service(&format!("{key}: ALL")), &[(told.as_str(), "Change the value, or put in what is missing.")]);
    }
    for value in ["1", "'1'", "${P:-t}"] {
        let told = format!(
            "{:?} is neither true nor false.",
            value.trim_matches('\'').trim_start_matches("${P:-").trim_end_matches('}')
        );
        faults(
            &service(&format!("privileged: {value}")),
            &[(told.as_str(), "Change the value, or put in what is missing.")],
        );
    }
    faults(&service("tmpfs: /tmp\ncap_drop: [ALL]\ncap_add:\nmem_limit: 512m\nshm_size: ${SIZE}\n"), &[]);
    let memory = "\"512Mi\" is no amount of memory to Docker. It takes bytes, or a number with b, k, m, g, t or p behind \
                  it, such as 512m.";
    for keys in ["mem_limit: 512Mi", "deploy: {resources: {limits: {memory: 512Mi}}}"] {
        faults(&service(keys), &[(memory, "Change the value, or put in what is missing.")]);
    }
}

#[test]
fn ways_out_of_services() {
    compose("", &[]);
    compose("privileged: true", &[("privileged", "true")]);
    compose("working_dir: /proc/self/fd/8", &[("working-dir-through-descriptor", "working_dir: /proc/self/fd/8")]);
    compose("privileged: 'yes'", &[("privileged", "'yes'")]);
    compose("privileged: ${P:-true}", &[("privileged", "${P:-true}")]);
    compose(
        "privileged: ${P-yes}\npid: \"${X:-host}\"",
        &[("privileged", "${P-yes}"), ("host-pid", "pid: \"${X:-host}\"")],
    );
    compose("privileged: ${P:-false}\npid: ${X:-${Y:-host}}", &[("host-pid", "pid: ${X:-${Y:-host}}")]);
    compose("privileged: ${P:?}\npid: ${X:+host}", &[]);
    compose("use_api_socket: ${S:-true}", &[("runtime-socket-mount", "${S:-true}")]);
    compose("cap_add: [\"${C:-SYS_ADMIN}\"]", &[("dangerous-capability", "\"${C:-SYS_ADMIN}\"")]);
    compose(
        "pid: host\nipc: \"host\"\nnetwork_mode: host",
        &[("host-pid", "pid: host"), ("host-ipc", "ipc: \"host\""), ("host-network", "network_mode: host")],
    );
    compose("pid: service:db", &[("share-process-namespace", "pid: service:db")]);
    compose("userns_mode: host", &[("host-user-namespace", "userns_mode: host")]);
    compose("cap_add: [NET_ADMIN]", &[("dangerous-capability", "NET_ADMIN")]);
    compose("cap_add:\n  - ALL", &[("dangerous-capability", "ALL")]);
    compose(
        "security_opt:\n  - seccomp:unconfined\n  - apparmor=unconfined",
        &[("seccomp-unconfined", "seccomp:unconfined"), ("apparmor-unconfined", "apparmor=unconfined")],
    );
    compose("security_opt: [label=disable]", &[("selinux-custom", "label=disable")]);
    compose("sysctls: {kernel.core_pattern: x}", &[("unsafe-sysctl", "x")]);
    compose("sysctls: [kernel.core_pattern=x]", &[("unsafe-sysctl", "kernel.core_pattern=x")]);
    compose("devices: [/dev/sda]", &[("host-device-mount", "/dev/sda")]);
    compose("devices: [{source: /dev/sda, target: /dev/x}]", &[("host-device-mount", "/dev/sda")]);
    compose("privileged: \"TRUE\"", &[("privileged", "\"TRUE\"")]);
    compose(
        "privileged: !reset true\npid: !reset host\ncap_add: !override [NET_ADMIN]",
        &[("dangerous-capability", "NET_ADMIN")],
    );
    compose("x-privileged: true", &[]);
    compose("use_api_socket: true", &[("runtime-socket-mount", "true")]);
    compose("use_api_socket: false", &[]);
    compose("post_start: [{command: sh, user: root, privileged: true}]", &[("privileged", "true")]);
    compose("pre_stop:\n- command: sh\n  privileged: 'yes'\n- command: sh", &[("privileged", "'yes'")]);
    compose("pre_stop: [{command: sh, privileged: false}, x, {privileged: }]\npost_start: {privileged: true}", &[]);
    compose("privileged: true # here\npost_start: [{command: sh, privileged: true}]", &[("privileged", "true")]);
}

#[test]
fn paths_of_the_host_in_services() {
    compose("volumes: [\"/:/host\"]", &[("host-root-mount", "/")]);
    compose("volumes:\n  - /var/run/docker.sock:/s:ro", &[("runtime-socket-mount", "/var/run/docker.sock")]);
    compose("volumes:\n  - {type: bind, source: /etc, target: /e}", &[("host-sensitive-path", "/etc")]);
    compose("volumes:\n  - type: bind\n    source: /proc\n    target: /p", &[("host-proc-mount", "/proc")]);
    compose("volumes: [data:/data, /scratch]", &[]);
    compose("volumes: [$HOME:/data]", &[("host-path-mount", "$HOME")]);
    compose("volumes: [\"${D:-/}:/data\"]", &[("host-root-mount", "\"${D:-/}:/data\"")]);
    compose("volumes: [{type: bind, source: \"${D:-/}\", target: /data}]", &[("host-root-mount", "\"${D:-/}\"")]);
    compose("volumes: [\"${D:-data}:/data\"]", &[]);
    for (options, found) in [
        ("{type: none, o: bind, device: \"${D:-/}\"}", "host-root-mount"),
        ("{type: none, o: bind, device: $D}", "host-path-mount"),
        ("{type: ext4, device: /dev/sda1}", "host-device-mount"),
    ] {
        let bound = format!("volumes:\n  data:\n    driver_opts: {options}\n");
        let text = format!("{}{bound}", service("volumes: [data:/data]"));
        check(&text, InputKind::Compose, &[(found, "data:/data")]);
    }
    let bound = "volumes:\n  data:\n    driver_opts: {type: none, o: bind, device: /}\n";
    check(
        &format!("{}{bound}", service("volumes: [data:/data]")),
        InputKind::Compose,
        &[("host-root-mount", "data:/data")],
    );
}

/// What comes along with another service is found where that is joined.
#[test]
fn services_that_join_others() {
    let joining = |keys: &str| {
        format!("{}  b:\n    image: a:1\n    user: \"1000\"\n    pid: host\n    volumes: [/etc:/e]\n", service(keys))
    };
    let of_b = [("host-sensitive-path", "/etc"), ("host-pid", "pid: host")];
    for (keys, found) in [
        ("pid: service:b", &[("host-pid", "pid: service:b"), ("share-process-namespace", "pid: service:b")][..]),
        ("pid: service:c", &[("share-process-namespace", "pid: service:c")]),
        ("volumes_from: [b]", &[("host-sensitive-path", "b")]),
        ("volumes_from: ['b:ro']", &[("host-sensitive-path", "'b:ro'")]),
        ("volumes_from: [c]", &[]),
    ] {
        check(&joining(keys), InputKind::Compose, &[found, &of_b].concat());
    }
    let secret = format!("{}secrets:\n  s: {{file: /run/docker.sock}}\n", service("secrets: [s]"));
    check(&secret, InputKind::Compose, &[("runtime-socket-mount", "s")]);
    check(&secret.replace("/run/docker.sock", "./s.txt"), InputKind::Compose, &[]);
}

#[test]
fn what_services_take_over() {
    let merged = "x-base: &base\n  privileged: true\n  pid: host\nservices:\n  a:\n    privileged: false\n    <<: *base\n    image: a:1\n";
    check(merged, InputKind::Compose, &[("host-pid", "pid: host")]);
    let extended =
        "services:\n  base:\n    image: a:1\n    pid: host\n  b:\n    extends: {service: base}\n    pid: private\n";
    check(extended, InputKind::Compose, &[("host-pid", "pid: host")]);
    for (own, expected) in [
        ("pid: !reset null", &[("dangerous-capability", "SYS_ADMIN")][..]),
        ("cap_add: !override [CHOWN]", &[("host-pid", "pid: host")]),
        ("cap_add: !reset []", &[("host-pid", "pid: host")]),
    ] {
        let text = format!(
            "services:\n  base:\n    image: a:1\n    pid: host\n    cap_add: [SYS_ADMIN]\n    profiles: [x]\n  b:\n    extends: base\n    {own}\n"
        );
        let stream = watertight_yaml::parse(&text);
        let objects = watertight_pod::compose::read(&stream);
        let b = &objects.pods[1];
        let found: Vec<&str> = [
            ("host-pid", b.host_pid.is_true()),
            (
                "dangerous-capability",
                b.containers[0].security.capabilities_add.iter().any(|one| one.name == "SYS_ADMIN"),
            ),
        ]
        .into_iter()
        .filter_map(|(rule, is_so)| is_so.then_some(rule))
        .collect();
        let expected: Vec<&str> = expected.iter().map(|(rule, _)| *rule).collect();
        assert_eq!(found, expected, "{own}");
    }
    // Of two volumes that arrive in one place the last one counts.
    let text = "services:\n  base:\n    image: a:1\n    volumes: [/:/data, /etc:/e]\n  b:\n    extends: base\n    volumes: [data:/data, {type: volume, source: x, target: /e}, yy:/e]\n";
    let objects = watertight_pod::compose::read(&watertight_yaml::parse(text));
    let paths =
        |pod: &watertight_pod::Pod| pod.volumes.iter().map(|volume| volume.host_path.is_set()).collect::<Vec<_>>();
    assert_eq!((paths(&objects.pods[0]), paths(&objects.pods[1])), (vec![true, true], vec![false, false]));
    let circle = "services:\n  a: {extends: b, image: a:1}\n  b: {extends: a, image: a:1}\n";
    check(circle, InputKind::Compose, &[]);
    // What the other file says is not known, and is not taken for unsaid.
    let elsewhere = service("extends: {file: other.yaml, service: base}");
    faults(&elsewhere, &[]);
    let report = report(&elsewhere);
    let said = |rule: &str| report.findings.iter().find(|found| found.rule == rule);
    let told = said("template-not-rendered").map(|found| &*found.what);
    assert_eq!(told, Some("It takes settings over from service base of other.yaml, which is not read here."));
    for rule in ["writable-root-filesystem", "capabilities-not-dropped", "privilege-escalation-allowed"] {
        assert!(said(rule).is_none(), "{rule}");
    }
    faults(&service("priviledged: true"), &[("A service has no key called priviledged.", "Did you mean privileged?")]);
    faults(&service("cap-add: [ALL]"), &[("A service has no key called cap-add.", "Did you mean cap_add?")]);
    faults(&service("x-anything: 1"), &[]);
}

#[test]
fn services_are_hardened() {
    hardened(
        "# mine\nservices:\n  web:\n    image: nginx:1.27 # pinned\n    privileged: true\n    pid: host\n    volumes:\n      - /:/host\n      - data:/data\n    security_opt:\n      - seccomp=unconfined\nvolumes:\n  data:\n",
        "# mine\nservices:\n  web:\n    image: nginx:1.27 # pinned\n    volumes:\n      - data:/data\n    security_opt:\n      - no-new-privileges:true\n    user: \"65532:65532\"\n    cap_drop:\n      - ALL\n    deploy:\n      resources:\n        limits:\n          memory: 256m\n          cpus: \"0.5\"\n    read_only: true\n    tmpfs:\n      - /tmp\nvolumes:\n  data:\n",
    );
}

#[test]
fn hooks_are_hardened() {
    let text = service("post_start:\n  - command: [sh]\n    privileged: true");
    let settings = Settings { level: Level::Baseline, ..Settings::default() };
    let done = harden(&[Input { name: "x", text: &text }], &settings);
    assert_eq!(done.files[0].text, service("post_start:\n  - command: [sh]"));
    let report = report(&text);
    let found = report.findings.iter().find(|found| found.rule == "privileged").unwrap();
    assert_eq!(found.what, "The hook post_start of container \"web\" is privileged.");
}

#[test]
fn hooks_run_as_root() {
    for (keys, expected) in [
        ("user: \"1000\"\npost_start: [{command: sh, user: root}]", true),
        ("user: \"1000\"\npre_stop: [{command: sh, user: \"0:5\"}]", true),
        ("user: \"1000\"\npre_stop: [{command: sh, user: \"${U:-0}\"}]", true),
        ("user: \"1000\"\npost_start: [{command: sh, user: \"1001\"}, {command: sh}]", false),
        // This container may be root anyway.
        ("post_start: [{command: sh, user: root}]", false),
    ] {
        let report = report(&service(keys));
        let found = report.findings.iter().find(|found| found.rule == "runs-as-root");
        assert_eq!(found.is_some(), expected, "{keys}");
    }
}

/// A configuration as `runc spec` writes one, with some of its lines changed.
fn config(changes: &[(&str, &str)]) -> String {
    let text = r#"{
  "ociVersion": "1.0.2",
  "process": {
    "user": {"uid": 1000, "gid": 1000},
    "args": ["sh"],
    "capabilities": {
      "bounding": ["CAP_KILL"],
      "effective": ["CAP_KILL"],
      "permitted": ["CAP_KILL"]
    },
    "apparmorProfile": "docker-default",
    "noNewPrivileges": true
  },
  "root": {"path": "rootfs", "readonly": true},
  "mounts": [
    {"destination": "/proc", "type": "proc", "source": "proc"}
  ],
  "linux": {
    "resources": {"memory": {"limit": 1000000}, "cpu": {"quota": 50000}},
    "namespaces": [{"type": "pid"}, {"type": "network"}, {"type": "ipc"}, {"type": "uts"}, {"type": "mount"}],
    "seccomp": {"defaultAction": "SCMP_ACT_ERRNO"},
    "maskedPaths": ["/proc/kcore"],
    "readonlyPaths": ["/proc/sys"]
  }
}
"#;
    changes.iter().fold(text.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replace(old, new)
    })
}

#[track_caller]
fn oci(changes: &[(&str, &str)], expected: &[(&str, &str)]) {
    check(&config(changes), InputKind::OciConfig, expected);
}

#[test]
fn ways_out_of_configurations() {
    oci(&[], &[]);
    oci(&[("{\"type\": \"pid\"}, ", "")], &[("host-pid", "\"namespaces\"")]);
    oci(
        &[("{\"type\": \"pid\"}", "{\"type\": \"pid\", \"path\": \"/proc/1/ns/pid\"}")],
        &[("host-pid", "{\"type\": \"pid\", \"path\": \"/proc/1/ns/pid\"}")],
    );
    oci(
        &[("\"bounding\": [\"CAP_KILL\"]", "\"bounding\": [\"CAP_SYS_ADMIN\"]")],
        &[("dangerous-capability", "\"CAP_SYS_ADMIN\"")],
    );
    let cwd = ("\"noNewPrivileges\"", "\"cwd\": \"/proc/self/fd/8\", \"noNewPrivileges\"");
    oci(&[cwd], &[("working-dir-through-descriptor", "\"cwd\": \"/proc/self/fd/8\"")]);
    oci(&[("\"seccomp\"", "\"no\"")], &[("seccomp-unconfined", "\"linux\"")]);
    oci(&[("docker-default", "unconfined")], &[("apparmor-unconfined", "\"unconfined\"")]);
    oci(&[("\"maskedPaths\": [\"/proc/kcore\"],", "")], &[("proc-mount-unmasked", "\"linux\"")]);
    oci(
        &[("\"type\": \"proc\", \"source\": \"proc\"", "\"type\": \"bind\", \"source\": \"/\"")],
        &[("host-root-mount", "\"/\"")],
    );
    oci(
        &[(
            "\"type\": \"proc\", \"source\": \"proc\"",
            "\"type\": \"none\", \"source\": \"/run/containerd/containerd.sock\", \"options\": [\"rbind\", \"ro\"]",
        )],
        &[("runtime-socket-mount", "\"/run/containerd/containerd.sock\"")],
    );
    faults(
        &config(&[("noNewPrivileges", "noNewPrivilege")]),
        &[("An OCI configuration has no key called noNewPrivilege.", "Did you mean noNewPrivileges?")],
    );
    let change = "Change the value, or put in what is missing.";
    let shared = "Without a mount namespace of its own the container shares that of the host: what is mounted inside is \
                  mounted there, and CAP_SYS_CHROOT leads out of its root folder.";
    let refused = "Without a namespace of type mount runc refuses this configuration: it masks no paths of the host, and \
                   makes none of them read-only.";
    let none = (", {\"type\": \"mount\"}", "");
    let joined = ("{\"type\": \"mount\"}", "{\"type\": \"mount\", \"path\": \"/proc/1/ns/mnt\"}");
    faults(&config(&[none]), &[(refused, change)]);
    faults(&config(&[none, ("\"/proc/kcore\"", "")]), &[(refused, change)]);
    faults(&config(&[none, ("\"/proc/kcore\"", ""), ("\"/proc/sys\"", "")]), &[(shared, change)]);
    faults(&config(&[joined]), &[(shared, change)]);
}

#[test]
fn configurations_are_hardened() {
    let bad = config(&[
        ("\"uid\": 1000, \"gid\": 1000", "\"uid\": 0, \"gid\": 0"),
        ("[\"CAP_KILL\"]", "[\"CAP_KILL\", \"CAP_SYS_ADMIN\"]"),
        ("\"noNewPrivileges\": true", "\"cwd\": \"/proc/self/fd/8\", \"noNewPrivileges\": false"),
        ("\"readonly\": true", "\"readonly\": false"),
        ("{\"type\": \"pid\"}, ", ""),
    ]);
    let settings = Settings { level: Level::Hardened, ..Settings::default() };
    let done = harden(&[Input { name: "x", text: &bad }], &settings);
    let text = &done.files[0].text;
    for wanted in [
        "\"uid\": 10001",
        "\"gid\": 10001",
        "\"cwd\": \"/\"",
        "\"noNewPrivileges\": true",
        "\"readonly\": true",
        "\"pid\"",
        "tmpfs",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    assert!(!text.contains("SYS_ADMIN"), "{text}");
    let again = harden(&[Input { name: "x", text }], &settings);
    assert_eq!(again.files[0].text, *text, "hardened again");
}

/// runc refuses a configuration with two namespaces of one type.
#[test]
fn namespaces_are_left() {
    let joined = "{\"type\": \"network\", \"path\": \"/proc/1/ns/net\"}";
    let bad = config(&[("{\"type\": \"network\"}", joined)]);
    let done = harden(&[Input { name: "x", text: &bad }], &Settings::default());
    assert_eq!(done.files[0].text.matches("\"network\"").count(), 1, "{}", done.files[0].text);
    assert!(!done.files[0].text.contains("/proc/1/ns/net"), "{}", done.files[0].text);
}

/// Without a profile there is none, and which ones are loaded nobody has said.
#[test]
fn no_profile_is_made_up() {
    let bad = config(&[("docker-default", "unconfined")]);
    let done = harden(&[Input { name: "x", text: &bad }], &Settings::default());
    assert!(done.files[0].text.contains("unconfined"), "{}", done.files[0].text);
}

/// Each service asks for another one by its name, each mount for a volume, and each volume for its options: what looks
/// through all of them each time takes minutes here.
#[test]
fn names_are_found_at_once() {
    let many = 1_000;
    let chain: String =
        (1..many).map(|at| format!("  s{at}: {{extends: s{}, image: 'a:1@b', privileged: false}}\n", at - 1)).collect();
    let text = format!("services:\n  s0: {{image: a}}\n{chain}");
    let started = std::time::Instant::now();
    let stream = watertight_yaml::parse(&text);
    assert_eq!(watertight_pod::compose::read(&stream).pods.len(), many);
    let names: String = (0..500).map(|at| format!("s{at}, ")).collect();
    let joining: String = (0..500)
        .map(|at| format!("  s{at}: {{pid: 'service:s{}', volumes: [/srv:/s{at}], volumes_from: [{names}]}}\n", at + 1))
        .collect();
    let text = format!("services:\n{joining}");
    assert_eq!(watertight_pod::compose::read(&watertight_yaml::parse(&text)).pods.len(), 500);
    let many = 5_000;
    let mounts: String = (0..many).map(|at| format!("      - v{at}:/x{at}\n")).collect();
    let volumes: String =
        (0..many).map(|at| format!("  v{at}: {{driver_opts: {{o: bind, device: /srv/{at}}}}}\n")).collect();
    let text = format!("services:\n  a:\n    image: a\n    volumes:\n{mounts}volumes:\n{volumes}");
    let objects = watertight_pod::compose::read(&watertight_yaml::parse(&text));
    let volumes = &objects.pods[0].volumes;
    assert!(volumes.len() == many && volumes.iter().all(|volume| volume.host_path.is_set()));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

//! Profiles made of traces, in real containers: the program starts and does its work, and with one needed call taken
//! away it does not.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use watertight_seccomp::generate::{Draft, Format, Starter, Trace, Wish, build, start_calls};
use watertight_seccomp::{Action, Arch, Syscall};

use crate::runc::Runc;
use crate::{Tally, machine};

/// A program of Debian, and how to tell that it does its work.
struct Program {
    name: &'static str,
    arguments: Vec<String>,
    works: Works,
    /// Calls without which it cannot do its work, though it may start.
    needed: &'static [&'static str],
}

enum Works {
    /// It prints this and ends.
    Prints(&'static str),
    /// It answers a request at [`PORT`], and ends by the signal QUIT to the process of this file.
    Serves(PathBuf),
}

const PORT: u16 = 18_347;

/// The longest that anything may take.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) fn fits() -> Result<(), String> {
    machine::has(&["runc", "nginx", "python3", "busybox"])?;
    machine::succeed(Command::new("strace").args(["-o", "/dev/null", "/usr/bin/true"]))?;
    Runc::new(&machine::folder("containers")?)?.can_run()
}

pub(crate) fn run() -> Result<Tally, String> {
    let folder = machine::folder("containers")?;
    let runc = Runc::new(&folder)?;
    let mut tally = Tally::default();
    for program in programs(&folder)? {
        let trace = traced(&program, &folder)?;
        let calls = Trace::read(&trace, Arch::X86_64);
        if calls.unread_count > 0 {
            return Err(format!("{}: strace wrote what we cannot read: {:?}", program.name, calls.unread));
        }
        let calls = calls.names();
        println!("{}: {} calls seen", program.name, calls.len());
        for no_new_privs in [true, false] {
            let draft = profile(&calls, &start_calls(Starter::Runc, no_new_privs));
            let works = attempt(&runc, &program, &draft, no_new_privs)?;
            tally.count(works.is_ok(), || {
                format!("{} does not work with its own profile, no_new_privs {no_new_privs}: {works:?}", program.name)
            });
            for name in program.needed.iter().chain(Runc::required(no_new_privs)) {
                let works = attempt(&runc, &program, &without(&draft, name), no_new_privs)?;
                tally.count(works.is_err(), || {
                    format!("{} works without {name}, no_new_privs {no_new_privs}", program.name)
                });
            }
        }
    }
    Ok(tally)
}

fn programs(folder: &Path) -> Result<Vec<Program>, String> {
    let configuration = folder.join("nginx.conf");
    let pid = folder.join("nginx.pid");
    let text = format!(
        "daemon off;\nuser root;\npid {};\nerror_log /dev/stderr;\nevents {{}}\nhttp {{\n  access_log off;\n  server {{\n    \
         listen 127.0.0.1:{PORT};\n    root /usr/share/nginx/html;\n    index index.html index.nginx-debian.html;\n  }}\n}}\n",
        pid.display()
    );
    fs::write(&configuration, text).map_err(|error| error.to_string())?;
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    Ok(vec![
        Program {
            name: "busybox",
            arguments: words(&["/usr/bin/busybox", "sh", "-c", "echo one | cat; echo two > /tmp/two; cat /tmp/two"]),
            works: Works::Prints("one\ntwo\n"),
            needed: &["clone", "dup2", "pipe2"],
        },
        Program {
            name: "python3",
            arguments: words(&["/usr/bin/python3", "-c", PYTHON]),
            works: Works::Prints("[1, 4, 9] 4\n"),
            needed: &["mmap", "mprotect", "newfstatat", "pread64"],
        },
        Program {
            name: "nginx",
            arguments: words(&["/usr/sbin/nginx", "-c", &configuration.to_string_lossy()]),
            works: Works::Serves(pid),
            needed: &["socket", "bind", "listen", "accept4", "epoll_wait", "recvfrom"],
        },
    ])
}

/// Threads, files and a little of the library.
const PYTHON: &str = "import json, os, tempfile, threading
found = []
threads = [threading.Thread(target=lambda n=n: found.append(n * n)) for n in (1, 2, 3)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
path = os.path.join('/tmp', 'numbers.json')
open(path, 'w').write(json.dumps(sorted(found)))
print(open(path).read(), len(str(os.getpid()) + 'abcd') and 4)
";

/// What strace writes about the program on this machine, doing its work.
fn traced(program: &Program, folder: &Path) -> Result<String, String> {
    let file = folder.join(format!("{}.strace", program.name));
    let mut command = Command::new("strace");
    command.args(["-f", "-o"]).arg(&file).args(&program.arguments);
    let worked = observe(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()), &program.works);
    worked.map_err(|reason| format!("{} under strace: {reason}", program.name))?;
    fs::read_to_string(&file).map_err(|error| error.to_string())
}

fn profile(calls: &[Syscall], start: &[Syscall]) -> Draft {
    build(&Wish {
        native: Arch::X86_64,
        companions: false,
        calls,
        start,
        portable: false,
        default_action: Action::errno(1),
    })
}

fn without(draft: &Draft, name: &str) -> Draft {
    let mut fewer = draft.clone();
    for entry in &mut fewer.entries {
        entry.names.retain(|other| other != name);
    }
    fewer.entries.retain(|entry| !entry.names.is_empty());
    fewer
}

/// Whether the program does its work in a container with this profile, and else what it said.
fn attempt(runc: &Runc, program: &Program, draft: &Draft, no_new_privs: bool) -> Result<Result<(), String>, String> {
    let profile = draft.write(Format::Oci);
    let mut container = runc.container(&program.arguments, &profile, no_new_privs)?;
    let outcome = observe(container.command(), &program.works);
    container.remove();
    Ok(outcome)
}

fn observe(command: &mut Command, works: &Works) -> Result<(), String> {
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let worked = match works {
        Works::Prints(_) => Ok(()),
        Works::Serves(pid) => served(&mut child, pid),
    };
    if worked.is_err() {
        let _ = child.kill();
    }
    if !ends(&mut child) {
        let _ = child.kill();
        let _ = child.wait();
        return Err("it does not end".to_owned());
    }
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    match works {
        Works::Prints(expected) if printed == *expected && output.status.success() => Ok(()),
        Works::Prints(_) => Err(format!("it printed {printed:?} and said {said:?}, {}", output.status)),
        Works::Serves(_) => worked.map_err(|reason| format!("{reason}; it said {said:?}")),
    }
}

fn ends(child: &mut Child) -> bool {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if !matches!(child.try_wait(), Ok(None)) {
            return true;
        }
        sleep(Duration::from_millis(10));
    }
    false
}

/// Asks for a page until there is one or the server is gone, then has the server end.
fn served(child: &mut Child, pid: &Path) -> Result<(), String> {
    let start = Instant::now();
    let mut answer = Err("nobody answers".to_owned());
    while answer.is_err() && start.elapsed() < PATIENCE / 4 && matches!(child.try_wait(), Ok(None)) {
        sleep(Duration::from_millis(20));
        answer = request();
    }
    // The process of the file has this number on the machine only where it has no namespace of its own; the container's
    // first process is ended by its runtime.
    let quit = fs::read_to_string(pid).unwrap_or_default();
    if let Ok(number) = quit.trim().parse::<u32>()
        && number > 1
    {
        let _ = Command::new("kill").args(["-QUIT", &number.to_string()]).output();
    } else {
        let _ = child.kill();
    }
    answer
}

fn request() -> Result<(), String> {
    let mut stream = TcpStream::connect(("127.0.0.1", PORT)).map_err(|error| error.to_string())?;
    stream.set_read_timeout(Some(Duration::from_millis(500))).map_err(|error| error.to_string())?;
    stream.write_all(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n").map_err(|error| error.to_string())?;
    let mut page = String::new();
    stream.read_to_string(&mut page).map_err(|error| error.to_string())?;
    if page.contains(" 200 OK") && page.contains("nginx") { Ok(()) } else { Err(format!("it answers {page:?}")) }
}

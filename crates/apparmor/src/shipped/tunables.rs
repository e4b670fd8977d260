//! Variables that AppArmor brings along.

use std::borrow::Cow;

/// The files that `tunables/global` takes in.
const GLOBAL: &[&str] =
    &["home", "multiarch", "proc", "kernelvars", "system", "xdg-user-dirs", "share", "etc", "run", "alias"];

const FILES: &[(&str, &str)] = &[
    ("alias", ""),
    ("apparmorfs", "include <tunables/securityfs>\n@{apparmorfs}=@{securityfs}/apparmor/\n"),
    ("etc", "@{etc_ro}=/etc/ /usr/etc/\n@{etc_rw}=/etc/\n"),
    ("home", "@{HOMEDIRS}=/home/\n@{HOME}=@{HOMEDIRS}/*/ /root/\n"),
    ("multiarch", "@{multiarch}=*-linux-gnu*\n"),
    ("proc", "@{PROC}=/proc/\n"),
    ("run", "@{run}=/run/ /var/run/\n"),
    ("securityfs", "include <tunables/kernelvars>\n@{securityfs}=@{sys}/kernel/security/\n"),
    ("sys", "include <tunables/kernelvars>\n"),
    (
        "share",
        "include <tunables/home>\n\
         @{flatpak_exports_root}={flatpak/exports,flatpak/{app,runtime}/*/*/*/*/export}\n\
         @{system_share_dirs}=/{usr,usr/local,var/lib/@{flatpak_exports_root}}/share\n\
         @{user_share_dirs}=@{HOME}/.local{,/share/@{flatpak_exports_root}}/share\n",
    ),
];

/// Folders of a home, by the names that a desktop gives them.
const XDG: &[(&str, &str)] = &[
    ("DESKTOP", "Desktop"),
    ("DOWNLOAD", "Downloads"),
    ("TEMPLATES", "Templates"),
    ("PUBLICSHARE", "Public"),
    ("DOCUMENTS", "Documents"),
    ("MUSIC", "Music"),
    ("PICTURES", "Pictures"),
    ("VIDEOS", "Videos"),
];

/// Classes of characters: the variable for one, that for up to so many, and the class.
const CLASSES: &[(&str, &str, usize, &str)] = &[
    ("d", "int", 10, "[0-9]"),
    ("h", "hex", 64, "[0-9a-fA-F]"),
    ("c", "rand", 64, "[0-9a-zA-Z]"),
    ("w", "word", 64, "[a-zA-Z0-9_]"),
];

/// How many characters there are variables for.
const LENGTHS: &[usize] = &[2, 4, 6, 8, 9, 10, 12, 15, 16, 32, 64];

/// The text of a file below `tunables/`.
pub(super) fn summary(name: &str) -> Option<Cow<'static, str>> {
    let text = match name {
        "global" => GLOBAL.iter().flat_map(|file| ["include <tunables/", file, ">\n"]).collect(),
        "kernelvars" => kernelvars(),
        "system" => system(),
        "xdg-user-dirs" => XDG.iter().flat_map(|(name, folder)| ["@{XDG_", name, "_DIR}=", folder, "\n"]).collect(),
        _ => return FILES.iter().find(|(file, _)| *file == name).map(|&(_, text)| Cow::Borrowed(text)),
    };
    Some(Cow::Owned(text))
}

/// Numbers without leading zeros, of `first` and up to `digits` digits in all; those of `digits` begin with one of `top`.
fn numbers(first: &str, digits: usize, top: &str) -> String {
    let mut out = ["{", first].concat();
    for length in 2..digits {
        out.push_str(",[1-9]");
        out.push_str(&"[0-9]".repeat(length - 1));
    }
    [&out, ",", top, &"[0-9]".repeat(digits - 1), "}"].concat()
}

fn kernelvars() -> String {
    let (pid, uid) = (numbers("[1-9]", 7, "[1-4]"), numbers("[0-9]", 10, "[1-4]"));
    ["@{pid}=", &pid, "\n@{tid}=@{pid}\n@{pids}=@{pid}\n@{uid}=", &uid, "\n@{uids}=@{uid}\n@{sys}=/sys/\n"].concat()
}

fn system() -> String {
    let mut out = String::from("@{l}=[a-zA-Z]\n@{u8}=[0-9]{[0-9],} 1[0-9][0-9] 2[0-4][0-9] 25[0-5]\n");
    for (bits, digits, top) in [("16", 5, "[1-6]"), ("32", 10, "[1-4]"), ("64", 20, "1")] {
        out.extend(["@{u", bits, "}=", &numbers("[0-9]", digits, top), "\n"]);
    }
    for &(one, many, most, class) in CLASSES {
        let optional = ["{", class, ",}"].concat().repeat(most - 1);
        out.extend(["@{", one, "}=", class, "\n@{", many, "}=", class, &optional, "\n"]);
        for length in LENGTHS {
            out.extend(["@{", many, &length.to_string(), "}=", &class.repeat(*length), "\n"]);
        }
        if one == "h" {
            out.extend(["@{hex38}=", &class.repeat(38), "\n"]);
        }
    }
    out.push_str("@{pci_bus}=pci@{hex4}:@{hex2}\n");
    out
}

//! What looks like a password, a key or a token.

/// Words that say so, each a whole word of a name.
const WORDS: [&str; 9] =
    ["PASSWORD", "PASSWD", "PASSPHRASE", "PASS", "PWD", "SECRET", "TOKEN", "CREDENTIAL", "CREDENTIALS"];
/// Pairs of words that say so.
const PAIRS: [&str; 9] = [
    "API_KEY",
    "PRIVATE_KEY",
    "ACCESS_KEY",
    "SECRET_KEY",
    "AUTH_KEY",
    "ENCRYPTION_KEY",
    "ACCOUNT_KEY",
    "BATCH_KEY",
    "STORAGE_KEY",
];
/// Names by which the tools of clouds and clusters read what opens an account, in words with a line between them.
///
/// Sources: the AWS CLI's, Azure SDK's and `clouds.yaml`'s documented environment variables; those of Terraform's providers.
const CLOUD: [&str; 22] = [
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "AWS_SESSION_TOKEN",
    "AZURE_CLIENT_SECRET",
    "AZURE_STORAGE_KEY",
    "ARM_CLIENT_SECRET",
    "ARM_ACCESS_KEY",
    "GOOGLE_CREDENTIALS",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "DIGITALOCEAN_TOKEN",
    "DIGITALOCEAN_ACCESS_TOKEN",
    "HCLOUD_TOKEN",
    "LINODE_TOKEN",
    "VULTR_API_KEY",
    "SCW_SECRET_KEY",
    "ALICLOUD_SECRET_KEY",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "IBMCLOUD_API_KEY",
    "OS_PASSWORD",
    "KUBE_TOKEN",
    "KUBERNETES_TOKEN",
    "K8S_TOKEN",
];
/// Last words that say it is something about a credential, and not the credential.
const ABOUT: [&str; 43] = [
    "FILE",
    "FILES",
    "PATH",
    "DIR",
    "NAME",
    "URL",
    "URI",
    "ENDPOINT",
    "HOST",
    "ENABLED",
    "TTL",
    "EXPIRY",
    "EXPIRATION",
    "EXPIRES",
    "LENGTH",
    "SIZE",
    "TYPE",
    "ID",
    "TIMEOUT",
    "ISSUER",
    "AUDIENCE",
    "HEADER",
    "ALGORITHM",
    "POLICY",
    "REF",
    "INTERVAL",
    "SECONDS",
    "MINUTES",
    "HOURS",
    "DAYS",
    "DURATION",
    "VALIDITY",
    "LIFETIME",
    "AGE",
    "MIN",
    "MAX",
    "COUNT",
    "MODE",
    "FORMAT",
    "PREFIX",
    "PROVIDER",
    "BACKEND",
    "STORE",
];

/// Whether a variable or a flag of this name holds a credential.
pub fn is_name(name: &str) -> bool {
    let words = words(name);
    if words.last().is_none_or(|last| ABOUT.contains(&last.as_str())) {
        return false;
    }
    let glued = words.join("_");
    let is_whole = |place: usize, pair: &str| {
        let before = glued.get(..place).unwrap_or_default();
        let behind = glued.get(place + pair.len()..).unwrap_or_default();
        (before.is_empty() || before.ends_with('_')) && (behind.is_empty() || behind.starts_with('_'))
    };
    words.iter().any(|word| WORDS.contains(&word.as_str()) || word == "APIKEY")
        || PAIRS.iter().any(|pair| glued.match_indices(pair).any(|(place, pair)| is_whole(place, pair)))
}

/// The words of a name, in capitals: `dbPassword`, `DB_PASSWORD` and `--db-password` are the same.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in name.chars().take(256) {
        let border = !letter.is_ascii_alphanumeric() || before.is_ascii_lowercase() && letter.is_ascii_uppercase();
        if border {
            words.push(String::new());
        }
        if let (true, Some(word)) = (letter.is_ascii_alphanumeric(), words.last_mut()) {
            word.push(letter.to_ascii_uppercase());
        }
        before = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a value can be a credential at all: not empty, no reference to another variable, no switch, no path, no address of
/// a server.
pub fn is_plausible(value: &str) -> bool {
    let value = value.trim();
    let is_switch = ["true", "false", "yes", "no", "none", "null"].contains(&value.to_ascii_lowercase().as_str());
    let is_reference = value.starts_with("$(") || value.starts_with("${") || value.starts_with("{{");
    !value.is_empty() && !is_switch && !is_reference && !value.starts_with(['/', '-', '<']) && !is_server(value)
}

/// Whether it is the address of a server and nothing more. Behind its path a token may stand, and before its host a password.
fn is_server(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once("://") else { return false };
    let host = rest.strip_suffix('/').unwrap_or(rest);
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']' | '_');
    !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric()) && host.chars().all(is_host)
}

/// What a value gives itself away as, with its article.
pub fn in_value(value: &str) -> Option<&'static str> {
    if value.contains("-----BEGIN ") && value.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    if value.split(|c: char| !c.is_ascii_alphanumeric()).any(is_aws_key) {
        return Some("an access key of AWS");
    }
    let tokens = value.split(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\'' | ','));
    tokens.into_iter().find_map(token).or_else(|| has_password(value).then_some("a password in an address"))
}

fn is_aws_key(word: &str) -> bool {
    word.len() == 20
        && (word.starts_with("AKIA") || word.starts_with("ASIA"))
        && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn token(word: &str) -> Option<&'static str> {
    const PREFIXES: [(&str, usize, &str); 11] = [
        ("ghp_", 36, "a token of GitHub"),
        ("gho_", 36, "a token of GitHub"),
        ("ghs_", 36, "a token of GitHub"),
        ("github_pat_", 40, "a token of GitHub"),
        ("glpat-", 26, "a token of GitLab"),
        ("xoxb-", 20, "a token of Slack"),
        ("xoxp-", 20, "a token of Slack"),
        ("sk_live_", 24, "a key of Stripe"),
        ("AIza", 39, "a key of Google"),
        ("hvs.", 24, "a token of Vault"),
        ("npm_", 40, "a token of npm"),
    ];
    let known = PREFIXES.iter().find(|(prefix, least, _)| word.starts_with(prefix) && word.len() >= *least);
    if let Some((_, _, kind)) = known {
        return Some(kind);
    }
    let is_signed = word.starts_with("eyJ") && word.len() > 60 && word.split('.').count() == 3;
    is_signed.then_some("a signed token")
}

/// `scheme://user:password@host`, where the password is no reference.
fn has_password(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#', ' ']).next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else { return false };
    user.split_once(':').is_some_and(|(_, password)| is_plausible(password))
}

/// Whether a variable holds what opens an account of a cloud or a cluster, and not only a service such as a database.
pub fn is_of_cloud(name: &str, value: &str) -> bool {
    let glued = words(name).join("_");
    let is_named =
        |known: &&str| glued.strip_suffix(*known).is_some_and(|before| before.is_empty() || before.ends_with('_'));
    // A key of Google's is a file in JSON that says whose it is.
    let is_google = value.contains("\"service_account\"") && in_value(value) == Some("a private key");
    let is_known = || matches!(in_value(value), Some("an access key of AWS" | "a key of Google"));
    is_google || is_known() || is_plausible(value) && CLOUD.iter().any(is_named)
}

/// A flag with its value: `--name=value`, or `--name` with what stands behind it.
pub fn flag<'t>(argument: &'t str, next: Option<&'t str>) -> Option<(&'t str, &'t str)> {
    if !argument.starts_with('-') || argument.contains(char::is_whitespace) {
        return None;
    }
    argument.split_once('=').or_else(|| Some((argument, next?)))
}

#[cfg(test)]
mod tests {
    use super::{has_password, in_value, is_name, is_of_cloud, is_plausible};

    #[test]
    fn plausible_values() {
        for (value, expected) in [
            ("hunter2", true),
            ("https://hooks.example.com/services/T0/B0/x1y2", true),
            ("postgres://user:word@db", true),
            ("http://backend:8080", false),
            ("https://auth.example.com/", false),
            ("", false),
            ("false", false),
            ("$(OTHER)", false),
            ("/run/secrets/token", false),
        ] {
            assert_eq!(is_plausible(value), expected, "{value}");
        }
    }

    #[test]
    fn names() {
        for name in [
            "DB_PASSWORD",
            "dbPassword",
            "--db-password",
            "password",
            "GITHUB_TOKEN",
            "apiKey",
            "API_KEY",
            "AWS_SECRET_ACCESS_KEY",
        ] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "",
            "DB_PASSWORD_FILE",
            "MAX_TOKENS",
            "COMPASS",
            "TOKEN_TTL",
            "ACCESS_TOKEN_EXPIRE_MINUTES",
            "SECRET_BACKEND",
            "SECRET_NAME",
            "KEYBOARD",
            "AWS_ACCESS_KEY_ID",
        ] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn keys_of_clouds() {
        let google = r#"{"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----\nMII"}"#;
        for (name, value, expected) in [
            ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMIK7MDENG", true),
            ("BACKUP_AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMIK7MDENG", true),
            ("ID", "AKIAIOSFODNN7EXAMPLE", true),
            ("azureClientSecret", "hunter2hunter2", true),
            ("KEY", google, true),
            ("AWS_SECRET_ACCESS_KEY", "$(KEY)", false),
            ("GOOGLE_APPLICATION_CREDENTIALS", "/var/run/key.json", false),
            ("DB_PASSWORD", "hunter2hunter2", false),
            ("MACROS_PASSWORD", "hunter2hunter2", false),
            ("DATABASE_URL", "postgres://me:secret@db/x", false),
            ("GITHUB_TOKEN", "ghp_0123456789abcdefghijklmnopqrstuvwxyz", false),
            ("TLS_KEY", "-----BEGIN RSA PRIVATE KEY-----\nMII", false),
        ] {
            assert_eq!(is_of_cloud(name, value), expected, "{name}: {value}");
        }
    }

    #[test]
    fn values() {
        assert_eq!(in_value("-----BEGIN RSA PRIVATE KEY-----\nMII"), Some("a private key"));
        assert_eq!(in_value("id=AKIAIOSFODNN7EXAMPLE;"), Some("an access key of AWS"));
        assert_eq!(in_value("hello world"), None);
        assert_eq!(in_value("-----BEGIN CERTIFICATE-----"), None);
        for (address, expected) in [
            ("postgres://me:secret@db/x", true),
            ("postgres://me@db/x", false),
            ("postgres://me:$(PASSWORD)@db/x", false),
            ("https://example.com/a:b@c", false),
        ] {
            assert_eq!(has_password(address), expected, "{address}");
        }
    }
}

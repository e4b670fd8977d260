//! Addresses and networks of IPv4 and IPv6.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A network: an address of which the first bits count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// Whether the address lies in it. Addresses of the other family never do.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                let differing = ours.to_bits() ^ theirs.to_bits();
                differing.checked_shr(32 - u32::from(self.bits.min(32))).unwrap_or(0) == 0
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                let differing = ours.to_bits() ^ theirs.to_bits();
                differing.checked_shr(128 - u32::from(self.bits.min(128))).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

/// Reads an address as the engine does: with a dot it is of IPv4, otherwise of IPv6. The error is the engine's.
pub fn address(text: &str) -> Result<IpAddr, String> {
    if text.contains('.') {
        return text.parse::<Ipv4Addr>().map(IpAddr::V4).map_err(|_| ["unrecognized IPv4 address ", text].concat());
    }
    text.parse::<Ipv6Addr>().map(IpAddr::V6).map_err(|_| ["unrecognized IPv6 address ", text].concat())
}

/// Reads a network `address/bits`. The error is the engine's.
pub fn network(text: &str) -> Result<Network, String> {
    let v4 = text.contains('.');
    let Some((start, length)) = text.split_once('/') else {
        let problem = if v4 { "unrecognized IP network " } else { "invalid v6 netmask: " };
        return Err([problem, text].concat());
    };
    let address = if v4 {
        start.parse::<Ipv4Addr>().map(IpAddr::V4).map_err(|_| ["unrecognized IP address ", text].concat())?
    } else {
        start.parse::<Ipv6Addr>().map(IpAddr::V6).map_err(|_| ["unrecognized IPv6 address ", text].concat())?
    };
    let bits = super::number::scan(length, 8, false).ok_or_else(|| super::number::invalid(length))?;
    let bits = u8::try_from(bits).unwrap_or(u8::MAX);
    match address {
        IpAddr::V4(_) if bits > 32 => Err(["invalid netmask ", length].concat()),
        IpAddr::V6(_) if bits == 0 || bits > 128 => Err(["invalid v6 netmask ", length].concat()),
        _ => Ok(Network { address, bits }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(net: &str, ip: &str, expected: bool) {
        assert_eq!(network(net).unwrap().contains(ip.parse().unwrap()), expected, "{ip} in {net}");
    }

    #[test]
    fn networks_contain() {
        check("10.0.0.0/8", "10.1.2.3", true);
        check("10.0.0.0/8", "11.0.0.0", false);
        check("10.0.0.0/0", "8.8.8.8", true);
        check("10.0.0.1/32", "10.0.0.2", false);
        check("169.254.1.1/16", "169.254.9.9", true);
        check("2001::/16", "2001:4860::1", true);
        check("2001:db8::/33", "2001:db8:8000::1", false);
        check("::1/128", "::1", true);
        check("::1/128", "10.0.0.1", false);
    }

    #[test]
    fn errors_are_the_engines() {
        let error = |text: &str| network(text).unwrap_err();
        assert_eq!(error("rfc_1918"), "invalid v6 netmask: rfc_1918");
        assert_eq!(error("10.0.0.1"), "unrecognized IP network 10.0.0.1");
        assert_eq!(error("10.0.0.1/33"), "invalid netmask 33");
        assert_eq!(error("10.0.0/8"), "unrecognized IP address 10.0.0/8");
        assert_eq!(error("::1/0"), "invalid v6 netmask 0");
        assert_eq!(error("::1/x"), "x is not a valid number");
        assert_eq!(address("10.0.0.01").unwrap_err(), "unrecognized IPv4 address 10.0.0.01");
        assert_eq!(address("notanip").unwrap_err(), "unrecognized IPv6 address notanip");
    }
}

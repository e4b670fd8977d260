//! What the abstractions grant, gathered by permission.

/// By the name below `abstractions/`.
pub(super) const SUMMARIES: &[(&str, &str)] = &[
    ("authd", "@{run}/authd.sock rw,\n"),
    ("apache2-common", APACHE),
    (
        "apparmor_api/change_profile",
        "@{PROC}/@{tid}/attr/{,apparmor/}{current,exec} rw,\n@{PROC}/@{tid}/attr/{,apparmor/}prev r,\n",
    ),
    ("apparmor_api/examine", "@{PROC}/@{pids}/attr/{,apparmor/}{current,exec,prev} r,\n"),
    ("apparmor_api/find_mountpoint", "@{PROC}/@{pids}/mounts r,\n"),
    ("apparmor_api/introspect", "@{PROC}/@{tid}/attr/{,apparmor/}{current,exec,prev} r,\n"),
    (
        "apparmor_api/is_enabled",
        "@{PROC}/@{pids}/mounts r,\n@{sys}/module/apparmor/parameters/{available,enabled} r,\n",
    ),
    ("base", BASE),
    ("bash", BASH),
    ("consoles", "/dev/{console,tty,pts/[0-9]*} rw,\n/dev/pts/ r,\n"),
    ("crypto", CRYPTO),
    ("dbus", "include <abstractions/dbus-strict>\ndbus bus=system,\n"),
    ("dbus-session", "include <abstractions/dbus-session-strict>\ndbus bus=session,\n/usr/bin/dbus-launch ix,\n"),
    ("dbus-session-strict", DBUS_SESSION),
    ("dbus-strict", DBUS_SYSTEM),
    ("kerberosclient", KERBEROS),
    ("ldapclient", LDAP),
    ("likewise", "/{tmp/.lwidentity,var/lib/likewise-open/lwidentity_privileged}/pipe rw,\n"),
    ("mdns", "/etc/{mdns.allow,nss_mdns.conf} r,\n@{run}/mdnsd w,\n"),
    ("mysql", MYSQL),
    ("nameservice", NAMESERVICE),
    ("nameservice-strict", NAMESERVICE_STRICT),
    ("nis", "capability net_bind_service,\n/var/yp/binding/* r,\n"),
    ("nss-systemd", NSS_SYSTEMD),
    ("openssl", OPENSSL),
    ("perl", PERL),
    ("php", PHP),
    ("private-files", PRIVATE),
    ("private-files-strict", PRIVATE_STRICT),
    ("python", PYTHON),
    ("ssl_certs", CERTIFICATES),
    ("ssl_keys", KEYS),
    ("upki", "/etc/upki/config.toml r,\n/var/cache/upki/** r,\n"),
    ("user-tmp", "/{,var/}tmp/ rw,\nowner @{HOME}/tmp/ rw,\nowner /{,var/}tmp/** rwkl,\nowner @{HOME}/tmp/** rwkl,\n"),
    ("web-data", "/{srv/www/{htdocs,vhosts,rails/*/public},var/www/html}/{,**} r,\n@{HOME}/public_html/{,**} r,\n"),
    ("winbind", WINBIND),
    ("wutmp", WUTMP),
];

const BASE: &str = "\
include <abstractions/crypto>
/dev/{full,null,zero} rw,
/dev/{random,urandom} r,
/dev/log w,
@{run}/systemd/journal/{dev-log,socket} w,
@{run}/systemd/journal/stdout rw,
@{run}/uuidd/request rw,
@{etc_ro}/{bindresvport.blacklist,ld-musl-*.path,ld.so.conf,ld.so.conf.d/{,*.conf},ld.so.preload} r,
@{etc_ro}/{locale.alias,locale/?**,localtime} r,
@{etc_rw}/localtime r,
@{etc_ro}/ld.so.cache rm,
/usr/share/{locale{,-bundle,-langpack}/?**,locale/,zoneinfo{,-icu}/{,**}} r,
/usr/share/{?**/locale{,s}/?**,common-licenses/?**} r,
/usr/lib{,32,64}/locale/** rm,
/usr/lib{{,32,64},/@{multiarch}}/gconv/{*.so,gconv-modules*} rm,
/{,usr/}lib{{,32,64},/@{multiarch}}/** r,
/{,usr/}lib{{,32,64},/@{multiarch}}/{ld{,32,64}-*.so,**.so*} rm,
/{,usr/}lib/{,i386-linux-gnu/}tls/i686/{cmov,nosegneg}/*.so* rm,
/opt/*-linux-uclibc/lib/ld-uClibc*so* rm,
@{PROC}/{cpuinfo,filesystems,meminfo,stat} r,
@{PROC}/@{pid}/{auxv,maps,status} r,
@{PROC}/sys/{crypto/fips_enabled,kernel/{cap_last_cap,ngroups_max,version},vm/overcommit_memory} r,
@{sys}/devices/system/cpu/{,online,possible} r,
@{sys}/kernel/mm/transparent_hugepage/{enabled,hpage_pmd_size} r,
owner @{HOME}/.Private/ r,
owner @{HOME}/.Private/** rwlkmix,
owner @{HOMEDIRS}/.ecryptfs/*/.Private/ r,
owner @{HOMEDIRS}/.ecryptfs/*/.Private/** rwlkmix,
ptrace (readby, tracedby),
ptrace read peer=@{profile_name},
signal receive peer=unconfined,
signal peer=@{profile_name},
signal (send, receive) set=exists,
unix (create, getattr, getopt, setopt, shutdown),
unix peer=(label=@{profile_name}),
unix receive peer=(label=unconfined),
";

const CRYPTO: &str = "\
include <abstractions/openssl>
include <abstractions/upki>
@{etc_ro}/{gcrypt/{hwf.deny,random.conf},gnutls/{config,pkcs11.conf}} r,
/{etc,usr/share}/crypto-policies/*/*.txt r,
@{PROC}/sys/crypto/* r,
";

const OPENSSL: &str = "\
/etc/ssl/openssl{,-*}.cnf r,
/etc/ssl/{engdef*,engines*}.d/{,*.cnf} r,
/usr/share/ssl/openssl.cnf r,
";

const NAMESERVICE_STRICT: &str = "\
include <abstractions/nss-systemd>
@{etc_ro}/{default/nss,gai.conf,group,host.conf,hosts,{,authselect/}nsswitch.conf,passwd,protocols,resolv.conf,services} r,
/var/lib/{extrausers,nscd}/{group,passwd} r,
@{run}/nscd/db* r,
@{run}/{NetworkManager,connman,netconfig,resolvconf,systemd/resolve}/resolv.conf r,
@{run}/systemd/resolve/stub-resolv.conf r,
";

const NAMESERVICE: &str = "\
include <abstractions/authd>
include <abstractions/kerberosclient>
include <abstractions/ldapclient>
include <abstractions/likewise>
include <abstractions/mdns>
include <abstractions/nameservice-strict>
include <abstractions/nis>
include <abstractions/winbind>
@{etc_ro}/{libnl-*/classid,netconfig,resolvconf/run/resolv.conf,samba/lmhosts} r,
/etc/kanidm/unixd r,
/mnt/wsl/resolv.conf r,
/var/lib/libvirt/dnsmasq/{,*.status} r,
/var/lib/misc/*.db r,
/var/lib/sss/mc/{group,initgroups,passwd} r,
/var/lib/sss/pipes/nss rw,
/{run,var/{cache,db,lib,run}}/nscd/{group,hosts,passwd,services} r,
@{run}/{.nscd_socket,avahi-daemon/socket,nscd/socket} rw,
@{run}/nscd/db* mix,
/{,usr/}lib{{,32,64},/@{multiarch}}/libnss_*.so* rm,
@{PROC}/@{pid}/net/{ipv6_route,psched,route} r,
network inet stream,
network inet dgram,
network inet6 stream,
network inet6 dgram,
network netlink raw,
dbus send bus=system path=\"/org/freedesktop/systemd1\" interface=\"org.freedesktop.systemd1.Manager\" \
member=\"{GetDynamicUsers,LookupDynamicUserByName,LookupDynamicUserByUID}\" peer=(name=\"org.freedesktop.systemd1\"),
";

const NSS_SYSTEMD: &str = "\
@{run}/systemd/userdb/ r,
@{run}/systemd/userdb/io.systemd.{DynamicUser,Home,Machine,Multiplexer,NameServiceSwitch} rw,
@{run}/systemd/userdb/org.gnome.DisplayManager rw,
@{PROC}/sys/{kernel/random/boot_id,net/ipv6/conf/all/disable_ipv6} r,
";

const KERBEROS: &str = "\
/usr/lib{{,32,64},/@{multiarch}}/krb5/plugins/{authdata,libkrb5,preauth}/ r,
/usr/lib{{,32,64},/@{multiarch}}/krb5/plugins/{authdata,libkrb5,preauth}/* rm,
/etc/{,krb5/}krb5.keytab rk,
@{etc_ro}/{,krb5/}krb5.conf r,
/etc/{krb.conf,krb.realms,srvtab,{,krb5/}krb5.conf.d/{,*}} r,
/var/lib/sss/pubconf/krb5.include.d/{,*} r,
/tmp/krb5cc* r,
";

const LDAP: &str = "\
include <abstractions/ssl_certs>
/etc/{ldap.conf,ldap.secret,openldap/{,cacerts/}?*,sasl2/?*} r,
/usr/lib{,32,64}/sasl2/* r,
@{run}/nslcd/socket rw,
";

const WINBIND: &str = "\
/tmp/.winbindd/pipe rw,
/var/lib/samba/winbindd_privileged/pipe rw,
@{run}/samba/winbindd_privileged/pipe rw,
/etc/samba/{dhcp,smb}.conf r,
/usr/lib*/samba/{lowcase,upcase,valid}.dat r,
/usr/share/samba/codepages/{lowcase,upcase,valid}.dat r,
";

const CERTIFICATES: &str = "\
/etc/ca-certificates/{,**} r,
/etc/{,libre}ssl/{,cert.pem,certs/{,**}} r,
/{etc,usr/share}/pki/bl[ao]cklist/{,*} r,
/{etc,usr/share}/pki/trust/{{,*},{anchors,bl[ao]cklist}/{,**}} r,
/usr/{,local/}share/ca-certificates/{,**} r,
/usr/share/ssl/certs/ca-bundle.crt r,
/var/lib/acme/certs/*/{cert,chain} r,
/var/lib/ca-certificates/{,**} r,
/{etc,var/lib}/dehydrated/certs/*/{{cert,chain,fullchain}*.pem,ocsp*.der} r,
/etc/{certbot,letsencrypt}/archive/*/{cert,chain,fullchain}*.pem r,
";

const KEYS: &str = "\
/etc/ssl/{,**} r,
/var/lib/acme/{{certs,keys}/?**,live/?*} r,
/{etc,var/lib}/dehydrated/certs/*/privkey*.pem r,
/etc/{certbot,letsencrypt}/archive/*/privkey*.pem r,
";

const MYSQL: &str = "\
/var/lib/mysql{,d}/mysql{,d}.sock rw,
@{run}/mysql{,d}/mysql{,d}.sock rw,
/usr/share/{mariadb,mysql,mysql-community-server}/charsets/{,*.xml} r,
";

const PHP: &str = "\
/etc/php{,5,7,8,-legacy}/** r,
/usr/lib{,64}/php{,5,7,8,-legacy}/*/*.so rm,
/usr/X11R6/lib{,32,64}/lib*.so* rm,
/usr/share/php{,5,7,8,-legacy}/ r,
/usr/share/php{,5,7,8,-legacy}/** rm,
/usr/share/{icu/?*/*.dat,mysql/?**} r,
/var/lib/php{,5,7,8,-legacy}/{sess_*,session_mm_*,sessions/?*} rwlk,
/tmp/.ZendSem.* rwlk,
";

const PERL: &str = "\
/usr/bin/perl{,[0-9].[0-9].[0-9]} rmix,
/usr/lib{,32,64}/perl5/** r,
/usr/lib{,32,64}/perl{,5}/**.so* rm,
/usr/lib/@{multiarch}/perl{,5,-base}/** r,
/usr/lib/@{multiarch}/perl{,5,-base}/[0-9]*/**.so* rm,
/usr/share/perl{,5}/** r,
/etc/perl/** r,
";

const PYTHON: &str = "\
/{,usr/}bin/{,python{2.[4-7],3,3.[0-9],3.[1-9][0-9]}} r,
/usr/{,local/}lib{,32,64}/python{2.[4-7],3,3.[0-9],3.[1-9][0-9]}/**.{so,so.*[0-9],pyc} rm,
/usr/{,local/}lib{,32,64}/python{2.[4-7],3,3.[0-9],3.[1-9][0-9]}/**.{egg,pth,py} r,
/usr/{,local/}lib{,32,64}/python{2.[4-7],3,3.[0-9],3.[1-9][0-9]}/{dist,site}-packages/{,**/} r,
/usr/{,local/}lib{,32,64}/python{2.[4-7],3,3.[0-9],3.[1-9][0-9]}/{dist,site}-packages/\
{*.VERSION,*.dist-info/{METADATA,namespace_packages.txt},*.egg-info/PKG-INFO} r,
/usr/{,local/}lib{,32,64}/python{3.[0-9],3.[1-9][0-9]}/lib-dynload/*.so rm,
/etc/python{2.[4-7],3.[0-9],3.[1-9][0-9]}/** r,
/usr/include/python{2.[4-7],3.[0-9],3.[1-9][0-9]}*/pyconfig.h r,
/{usr/lib,usr/share,var/lib}/{pycentral,pyshared,python-support}/** r,
/usr/lib/{pycentral,pyshared,python-support}/**.so rm,
/var/lib/{pycentral,pyshared,python-support}/**.pyc rm,
/usr/lib/python3/dist-packages/**.so rm,
/usr/lib/wx/python/*.pth r,
owner @{HOME}/.local/lib/python{2.[4-7],3,3.[0-9],3.[1-9][0-9]}/**.{pyc,so} rm,
owner @{HOME}/.local/lib/python{2.[4-7],3,3.[0-9],3.[1-9][0-9]}/**.{egg,pth,py} r,
owner @{HOME}/.local/lib/python{2.[4-7],3,3.[0-9],3.[1-9][0-9]}/{dist,site}-packages/{,**/} r,
owner @{HOME}/.cache/Python/{,**} rw,
";

const BASH: &str = "\
@{HOMEDIRS} r,
@{HOME}/.{bash_profile,bashrc,profile} r,
@{HOME}/.bash_history rw,
/etc/{DIR_COLORS,bash.bashrc{,.local},bash_completion{,.d/{,*}},bashrc,inputrc,mtab,profile{,.dos,.d/{,*}}} r,
/usr/share/terminfo/** r,
@{PROC}/{filesystems,@{pid}/mounts} r,
/{,usr/}bin/ls mix,
/usr/bin/dircolors mix,
";

const APACHE: &str = "\
include <abstractions/nameservice>
/usr/share/apache2/** r,
/**/.htaccess r,
/dev/urandom r,
@{PROC}/@{pid}/attr/{,apparmor/}current rw,
@{run}/{lock/apache2/stapling-cache*,saslauthd/mux} rw,
network inet stream,
network inet6 stream,
ptrace (readby, tracedby),
signal receive peer=apache2,
signal receive peer=unconfined,
signal peer=apache2//*,
signal peer=@{profile_name},
";

const DBUS_SYSTEM: &str = "\
@{run}/dbus/system_bus_socket rw,
dbus send bus=system path=/org/freedesktop/DBus interface=org.freedesktop.DBus \
member={AddMatch,GetNameOwner,Hello,NameHasOwner,RemoveMatch,StartServiceByName} peer=(name=org.freedesktop.DBus),
";

const DBUS_SESSION: &str = "\
/{etc,var/lib/dbus}/machine-id r,
unix (accept, bind, connect, listen, receive, send) type=stream addr=\"@/tmp/dbus-*\",
unix (accept, connect, receive, send) type=stream peer=(addr=\"@/tmp/dbus-*\"),
owner @{run}/user/[0-9]*/bus rw,
owner @{run}/user/@{uid}/at-spi/{,bus{,_[0-9]*}} rw,
owner /tmp/dbus-[0-9a-zA-Z]* rw,
dbus send bus=session path=/org/freedesktop/DBus interface=org.freedesktop.DBus \
member={AddMatch,GetNameOwner,Hello,NameHasOwner,RemoveMatch,StartServiceByName} peer=(name=org.freedesktop.DBus),
";

const WUTMP: &str = "\
/var/lib/lastlog/lastlog2.db{,-journal} rwlk,
/var/lib/wtmpdb/ r,
/var/lib/wtmpdb/wtmp.db{,-journal} rwlk,
/var/log/{btmp,lastlog,wtmp{,.db}} rwk,
@{run}/utmp rwk,
/run/systemd/sessions/ r,
";

const PRIVATE: &str = "\
deny @{HOME}/.{*history,fetchmail*,mutt**,viminfo*,*~,*.swp,*~1~,*.bak} rwmkl,
deny @{HOME}/.{*rc,bash*,inputrc,{,z}profile*,{,z}log{in,out},zshenv} rmk,
audit deny @{HOME}/.{*rc,bash*,inputrc,{,z}profile*,{,z}log{in,out},zshenv} wl,
audit deny @{HOME}/{bin,.config/{autostart,upstart},.init,.kde{,4}/{Autostart,env},.local/share/thumbnailers}/{,**} wl,
audit deny @{HOME}/.pki/nssdb/{,*.so{,.[0-9]*}} wl,
audit deny @{HOME}/.{config,kde{,4},local,local/share,pki}/ w,
";

const PRIVATE_STRICT: &str = "\
include <abstractions/private-files>
audit deny @{HOME}/.{aws,evolution,gnome2_private,gnupg,mozilla,ssh,{,mozilla-}thunderbird}/{,**} rwmkl,
audit deny @{HOME}/.{config/{chromium,evolution},gnome2/keyrings,local/share/kwalletd}/{,**} rwmkl,
audit deny @{HOME}/.kde{,4}/share/apps/{kmail{,2},kwallet}/{,**} rwmkl,
audit deny @{HOME}/.{config,gnome2,kde{,4},kde{,4}/share,kde{,4}/share/apps}/ w,
audit deny @{run}/user/[0-9]*/keyring** rwmkl,
";

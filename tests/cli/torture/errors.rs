//! Which errors a system call can return. Errors that no system produces are not tried: a failing eventfd, a socket
//! that has no data after it was reported as ready.

/// A system call: its name, `openat`, and its subject.
#[derive(Clone, Debug)]
pub struct Call {
    pub name: String,
    pub about: String,
    /// True for the call that was made to fail.
    pub failed: bool,
}

const EPERM: i32 = 1;
const EINTR: i32 = 4;
const EIO: i32 = 5;
const EAGAIN: i32 = 11;
const ENOMEM: i32 = 12;
const EACCES: i32 = 13;
const EMFILE: i32 = 24;
const ENOSPC: i32 = 28;
const EROFS: i32 = 30;
const ECONNRESET: i32 = 104;
const EDQUOT: i32 = 122;

/// All errors of a file, a directory or a stream.
const FILE: &[i32] = &[ENOSPC, EIO, EACCES, EINTR, EAGAIN, ENOMEM, ECONNRESET, EMFILE, EDQUOT, EROFS];

/// The errors of a query about one; the program does not tell them apart.
const LOOK: &[i32] = &[EIO, EACCES, EINTR, ENOMEM];

const NETWORK: &[i32] = &[ECONNRESET, EACCES, ENOMEM, EIO, EINTR, EMFILE, ENOSPC];

/// Parses a line of a report: `NUMBER NAME ABOUT`.
pub fn parse(line: &str) -> Option<Call> {
    let mut words = line.splitn(3, ' ');
    let (_, name, about) = (words.next()?, words.next()?, words.next().unwrap_or_default());
    let (about, failed) = match about.strip_suffix("failed") {
        Some(about) => (about.trim_end(), true),
        None => (about, false),
    };
    Some(Call { name: name.to_owned(), about: about.to_owned(), failed })
}

impl Call {
    /// Returns the errors to try at this call; none if it cannot fail.
    pub fn errors(&self) -> &'static [i32] {
        let is_own = self.about.starts_with("anon_inode:") || self.about.starts_with("pipe:");
        match &*self.name {
            "read" | "write" if is_own && self.about.starts_with("pipe:") => &[EINTR],
            "read" | "write" if is_own => &[],
            "recvfrom" | "sendto" if self.about.starts_with("socket:local") => &[EINTR],
            "fcntl" => self.descriptor_errors(),
            // `close` reports write errors; for a directory there are none, and Rust's standard library relies on that.
            "close" if self.about.ends_with('/') => &[],
            "close" => &[EIO, EINTR],
            "stat" | "lstat" | "fstat" | "statx" | "newfstatat" | "access" | "readlink" | "ioctl" | "lseek"
            | "getcwd" => LOOK,
            "brk" | "mmap" | "mremap" => &[ENOMEM],
            "clone" | "clone3" | "fork" | "vfork" => &[EAGAIN, ENOMEM],
            "wait4" | "waitid" | "epoll_wait" | "epoll_pwait" | "getrandom" => &[EINTR],
            "poll" | "ppoll" => &[EINTR, ENOMEM],
            "epoll_ctl" => &[ENOMEM, ENOSPC],
            "kill" => &[EPERM],
            "pipe2" | "eventfd2" | "epoll_create1" | "socketpair" | "dup" | "dup3" => &[EMFILE, ENOMEM],
            "getsockname" | "getpeername" | "getsockopt" | "setsockopt" | "shutdown" => &[ENOMEM, ECONNRESET],
            "socket" | "connect" | "bind" | "listen" | "accept4" | "sendto" | "sendmsg" | "recvfrom" | "recvmsg" => {
                NETWORK
            }
            _ if self.about.starts_with("socket:") => NETWORK,
            _ => FILE,
        }
    }

    /// Of `fcntl` only copies and locks fail; queries are answered by the kernel itself.
    fn descriptor_errors(&self) -> &'static [i32] {
        const COPIES: [&str; 2] = [" command 0", " command 1030"];
        const LOCKS: [&str; 4] = [" command 6", " command 7", " command 37", " command 38"];
        let is = |commands: &[&str]| commands.iter().any(|command| self.about.ends_with(command));
        match () {
            () if is(&COPIES) => &[EMFILE, ENOMEM],
            () if is(&LOCKS) => FILE,
            () => &[],
        }
    }

    /// Returns true for memory allocation: no Rust program survives its failure.
    pub fn is_memory(&self) -> bool {
        matches!(&*self.name, "brk" | "mmap" | "mremap")
    }

    /// Returns true for output to stderr.
    pub fn is_stderr(&self) -> bool {
        self.name.starts_with("write") && self.about == "fd 2"
    }
}

//! The three kinds of hash, each a type of its own, so that one cannot stand where another is meant.
//!
//! Deliberately absent: how they are computed. See [`crate::part`], [`crate::chain`] and [`crate::merkle`].

use std::fmt;

use crate::text;

macro_rules! digest {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 32]);

        impl $name {
            /// From its thirty-two bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// Its thirty-two bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }

            /// From base64; none unless the text is exactly as it is printed.
            #[must_use]
            pub fn from_base64(text: &str) -> Option<Self> {
                text::from_base64_32(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&text::base64(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    };
}

digest! {
    /// The hash of one part of an entry, with its salt.
    PartHash
}
digest! {
    /// The hash of one entry: its place, the entry before it, and its parts. It is the record in the log.
    EntryHash
}
digest! {
    /// The hash of a leaf or an inner node of the log.
    NodeHash
}

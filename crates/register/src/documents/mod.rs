//! Encrypted documents in a folder or an object store.

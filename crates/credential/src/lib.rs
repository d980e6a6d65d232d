//! TODO-room

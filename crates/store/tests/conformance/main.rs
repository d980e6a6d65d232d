//! What every store must do, asked through `Store` alone. A second engine is a second line in [`fixture::ENGINES`].

mod door;
mod fixture;
mod keys;
mod log;
mod model;
mod people;
mod places;
mod work;

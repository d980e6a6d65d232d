//! The counter: somebody comes who is due for no dose, and asks for something about her record.

use super::check_in::{Aim, arrives, sends, show};
use super::{Asked, At, Posted};
use crate::caller::PageVaccinator;
use crate::page::Form;
use crate::words::Words;
use crate::{Failure, Portal};
use axum::extract::State;
use axum::response::Response;
use maud::Markup;

pub(super) async fn page(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    at: At,
    asked: Asked,
) -> Result<Markup, Failure> {
    show(&portal, &staff, w, (at, Aim::Counter), &Form::from(asked.0)).await
}

pub(super) async fn submit(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    at: At,
    posted: Posted,
) -> Result<Response, Failure> {
    arrives(&portal, &staff, w, (at, Aim::Counter), posted).await
}

pub(super) async fn send(
    State(portal): State<Portal>,
    PageVaccinator(staff): PageVaccinator,
    w: Words,
    at: At,
    posted: Posted,
) -> Result<Response, Failure> {
    sends(&portal, &staff, w, (at, Aim::Counter), posted).await
}

//! Lawful orders in words, for her, for the officers and for everybody.

use crate::citizen::field;
use crate::page::{SummaryList, summary_list};
use crate::words::Words;
use crate::{Portal, cases};
use vault::{Field, LegalGround, OrderSeen};

/// On what law an order stands.
pub(crate) fn ground(w: Words, ground: LegalGround) -> String {
    w.t(match ground {
        LegalGround::Court => "order-ground-court",
        LegalGround::Production => "order-ground-production",
        LegalGround::Information => "order-ground-information",
        LegalGround::Epidemic => "order-ground-epidemic",
    })
}

/// The fields, named.
pub(crate) fn fields(w: Words, fields: impl Iterator<Item = Field>) -> String {
    fields.map(|one| field(w, one)).collect::<Vec<_>>().join(", ")
}

/// Whose order it is; the short name where the configuration lists it no more.
pub(crate) fn authority(portal: &Portal, code: &str) -> String {
    let listed = portal.who_is_connected().authorities.named(code);
    listed.map_or_else(|_| code.to_owned(), |one| one.name().to_owned())
}

/// What may be known of an order without its paper: all but its number, its day and its document.
pub(crate) fn facts(w: Words, portal: &Portal, seen: &OrderSeen) -> SummaryList {
    let order = &seen.order;
    summary_list(w)
        .row(w.t("order-authority"), authority(portal, &order.authority))
        .row(w.t("order-ground"), ground(w, order.ground))
        .row(w.t("order-fields"), fields(w, order.fields.iter()))
        .row(w.t("order-filed-on"), cases::day(w, seen.filed_ms))
        .row(w.t("order-until"), cases::day(w, order.until_ms - 1))
}

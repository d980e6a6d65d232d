//! The certificate, as a PDF that carries its signed text.

use super::Answered;
use crate::body::Params;
use crate::caller::{ApiCertificateHolder, ApiCitizen};
use crate::{Portal, papers};
use axum::extract::State;
use registry::Reference;
use vault::Citizen;

/// Row 26: for a token that may be good for this alone.
pub(super) async fn public(
    State(portal): State<Portal>,
    ApiCertificateHolder(citizen): ApiCertificateHolder,
    params: Params,
) -> Answered {
    download(&portal, &citizen, &params).await
}

/// Row 27.
pub(super) async fn own(State(portal): State<Portal>, ApiCitizen(citizen): ApiCitizen, params: Params) -> Answered {
    download(&portal, &citizen, &params).await
}

async fn download(portal: &Portal, citizen: &Citizen, params: &Params) -> Answered {
    let reference: Reference = params.needed("beneficiary_reference_id")?.parse()?;
    let person = portal.vault().named_member(citizen, &reference).await?;
    let certified = portal.vault().certify(citizen, &citizen.grant(person)?, person).await?;
    let issuer = portal.vault().issuer_key().name();
    papers::answer(papers::certificate(&certified, issuer), "vaccination-certificate").await
}

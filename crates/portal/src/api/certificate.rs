//! The certificate, as a PDF that carries its signed text.

use super::Answered;
use crate::body::Params;
use crate::caller::{ApiCertificateHolder, ApiReader};
use crate::{Portal, papers};
use axum::extract::State;
use registry::Reference;
use vault::{Certified, Citizen, Disclosed};

/// Row 26: for a token that may be good for this alone.
pub(super) async fn public(
    State(portal): State<Portal>,
    ApiCertificateHolder(citizen): ApiCertificateHolder,
    params: Params,
) -> Answered {
    download(&portal, &citizen, &params).await
}

/// Row 27.
pub(super) async fn own(State(portal): State<Portal>, reader: ApiReader, params: Params) -> Answered {
    let client = match reader {
        ApiReader::Citizen(citizen) => return download(&portal, &citizen, &params).await,
        ApiReader::Client(client) => client,
    };
    let reference: Reference = params.needed("beneficiary_reference_id")?.parse()?;
    let person = portal.vault().named_in_consent(&client, &reference).await?;
    pdf(&portal, &portal.vault().certify(client.as_ref(), &client.grant()?, person).await?).await
}

async fn download(portal: &Portal, citizen: &Citizen, params: &Params) -> Answered {
    let reference: Reference = params.needed("beneficiary_reference_id")?.parse()?;
    let person = portal.vault().named_member(citizen, &reference).await?;
    pdf(portal, &portal.vault().certify(citizen, &citizen.grant(person)?, person).await?).await
}

async fn pdf(portal: &Portal, certified: &Disclosed<Certified>) -> Answered {
    let issuer = portal.vault().issuer_key().name();
    papers::answer(papers::certificate(certified, issuer), "vaccination-certificate").await
}

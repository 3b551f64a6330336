//! Gets a token of its own, asks whether it is live, revokes it, and asks again.
use std::env::var;
use std::error::Error;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use symbolon::v1::{
    ClientSecret, IntrospectRequest, IssueRequest, RevokeRequest, issue_request::Credential,
    issue_response, revoke_request::Target, token_service_client::TokenServiceClient,
};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Endpoint;
use tonic::{Request, Status};

/// A service needs few of the messages.
#[allow(dead_code)]
mod symbolon {
    pub mod v1 {
        tonic::include_proto!("symbolon.v1");
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (client_id, client_secret) = (var("CLIENT_ID")?, var("CLIENT_SECRET")?);
    let endpoint = Endpoint::from_shared(format!("http://{}", var("SYMBOLON_ADDRESS")?))?;
    let channel = endpoint.timeout(Duration::from_secs(10)).connect().await?;
    // RFC 7617.
    let basic = format!(
        "Basic {}",
        STANDARD.encode(format!("{client_id}:{client_secret}"))
    );
    let authorization: MetadataValue<Ascii> = basic.parse()?;
    let authorized = move |mut request: Request<()>| -> Result<Request<()>, Status> {
        request
            .metadata_mut()
            .insert("authorization", authorization.clone());
        Ok(request)
    };
    let mut tokens = TokenServiceClient::with_interceptor(channel, authorized);

    let credential = Some(Credential::ClientSecret(ClientSecret {
        client_id,
        client_secret,
    }));
    let issued = tokens
        .issue(IssueRequest {
            credential,
            ..Default::default()
        })
        .await?
        .into_inner();
    let Some(issue_response::Result::Tokens(pair)) = issued.result else {
        return Err("the server wants a second factor of a client".into());
    };
    let token = pair.access_token;

    let question = IntrospectRequest {
        token: token.clone(),
        ..Default::default()
    };
    let live = tokens.introspect(question.clone()).await?.into_inner();
    match live.active {
        true => println!("live, of {}", live.client_id),
        false => println!("not live"),
    }
    tokens
        .revoke(RevokeRequest {
            target: Some(Target::Token(token)),
            ..Default::default()
        })
        .await?;
    let after = tokens.introspect(question).await?.into_inner();
    println!(
        "{} once it is revoked",
        if after.active { "live" } else { "not live" }
    );
    Ok(())
}

//! What a Rust program has of the contract.
pub mod symbolon {
    pub mod v1 {
        tonic::include_proto!("symbolon.v1");
    }
}

/// The variants of the answer to a login.
pub fn is_challenge(answer: symbolon::v1::IssueResponse) -> bool {
    matches!(answer.result, Some(symbolon::v1::issue_response::Result::MfaChallenge(_)))
}

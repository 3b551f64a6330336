// Gets a token of its own, asks whether it is live, revokes it, and asks again.
#include <grpcpp/grpcpp.h>

#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

#include "symbolon/v1/token_service.grpc.pb.h"

namespace v1 = symbolon::v1;

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(std::string("set ") + name);
  return value;
}

// RFC 7617: the pair in base64.
std::string Basic(const std::string& text) {
  static const char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out = "Basic ";
  for (size_t i = 0; i < text.size(); i += 3) {
    unsigned group = 0;
    for (size_t j = 0; j < 3; j++) group = group << 8 | (i + j < text.size() ? static_cast<unsigned char>(text[i + j]) : 0);
    for (size_t j = 0; j < 4; j++) out += i + j <= text.size() ? kDigits[group >> (18 - 6 * j) & 63] : '=';
  }
  return out;
}

class Tokens {
 public:
  Tokens(const std::string& address, const std::string& authorization)
      // Plaintext serves on one machine alone; elsewhere: grpc::SslCredentials.
      : stub_(v1::TokenService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))),
        authorization_(authorization) {}

  std::string Issue(const std::string& client_id, const std::string& client_secret) {
    v1::IssueRequest request;
    request.mutable_client_secret()->set_client_id(client_id);
    request.mutable_client_secret()->set_client_secret(client_secret);
    v1::IssueResponse response;
    Call([&](grpc::ClientContext* context) { return stub_->Issue(context, request, &response); });
    return response.tokens().access_token();
  }

  v1::IntrospectResponse Introspect(const std::string& token) {
    v1::IntrospectRequest request;
    request.set_token(token);
    v1::IntrospectResponse response;
    Call([&](grpc::ClientContext* context) { return stub_->Introspect(context, request, &response); });
    return response;
  }

  void Revoke(const std::string& token) {
    v1::RevokeRequest request;
    request.set_token(token);
    v1::RevokeResponse response;
    Call([&](grpc::ClientContext* context) { return stub_->Revoke(context, request, &response); });
  }

 private:
  void Call(const std::function<grpc::Status(grpc::ClientContext*)>& call) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", authorization_);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    const grpc::Status status = call(&context);
    if (!status.ok()) throw std::runtime_error(status.error_message());
  }

  std::unique_ptr<v1::TokenService::Stub> stub_;
  std::string authorization_;
};

int main() try {
  const std::string client_id = Environment("CLIENT_ID");
  const std::string client_secret = Environment("CLIENT_SECRET");
  Tokens tokens(Environment("SYMBOLON_ADDRESS"), Basic(client_id + ":" + client_secret));
  const std::string token = tokens.Issue(client_id, client_secret);
  const v1::IntrospectResponse live = tokens.Introspect(token);
  std::cout << (live.active() ? "live, of " + live.client_id() : "not live") << std::endl;
  tokens.Revoke(token);
  std::cout << (tokens.Introspect(token).active() ? "live" : "not live") << " once it is revoked" << std::endl;
} catch (const std::exception& error) {
  std::cerr << error.what() << std::endl;
  return 1;
}

package symbolon

import (
	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	"symbolon.internal/sdk/go/internal/core"
)

var kinds = map[symbolonv1.TokenKind]Kind{
	symbolonv1.TokenKind_TOKEN_KIND_USER:        KindUser,
	symbolonv1.TokenKind_TOKEN_KIND_DEVICE:      KindDevice,
	symbolonv1.TokenKind_TOKEN_KIND_APPLICATION: KindApplication,
	symbolonv1.TokenKind_TOKEN_KIND_ADMIN:       KindAdmin,
	symbolonv1.TokenKind_TOKEN_KIND_ANONYMOUS:   KindAnonymous,
}

func toMessage(response *symbolonv1.WatchRevocationsResponse) core.Message {
	message := core.Message{
		Previous: response.GetPreviousRevision(), Revision: response.GetRevision(),
		Heartbeat: response.GetHeartbeat(), Afresh: response.GetAfresh(),
	}
	for _, event := range response.GetEvents() {
		message.Events = append(message.Events, core.Event{Revision: event.GetRevision(), Target: toTarget(event)})
	}
	if bound := response.GetLongestBound(); bound != nil {
		longest := bound.AsDuration()
		message.LongestBound = &longest
	}
	return message
}

// toTarget is unknown for one that is newer than these stubs.
func toTarget(event *symbolonv1.RevocationEvent) core.Target {
	switch target := event.GetTarget().(type) {
	case *symbolonv1.RevocationEvent_FamilyId:
		return core.Target{Kind: core.FamilyTarget, Family: target.FamilyId}
	case *symbolonv1.RevocationEvent_SubjectId:
		return core.Target{Kind: core.SubjectTarget, Subject: target.SubjectId}
	case *symbolonv1.RevocationEvent_ClientId:
		return core.Target{Kind: core.ClientTarget, Client: target.ClientId}
	case *symbolonv1.RevocationEvent_Consent:
		consent := target.Consent
		return core.Target{Kind: core.ConsentTarget, Subject: consent.GetSubjectId(), Client: consent.GetClientId()}
	case *symbolonv1.RevocationEvent_AllOfTenant:
		return core.Target{Kind: core.TenantTarget}
	default:
		return core.Target{Kind: core.UnknownTarget}
	}
}

func toAnswers(response *symbolonv1.BatchIntrospectResponse) []core.Answer[*Caller] {
	answers := make([]core.Answer[*Caller], 0, len(response.GetAnswers()))
	for _, answer := range response.GetAnswers() {
		answers = append(answers, toAnswer(answer))
	}
	return answers
}

func toAnswer(response *symbolonv1.IntrospectResponse) core.Answer[*Caller] {
	answer := core.Answer[*Caller]{Revision: response.GetRevision(), Live: response.GetActive()}
	if !answer.Live {
		return answer
	}
	// Of a server that does not say what is left, nothing is kept.
	answer.TTL = response.GetTimeToLive().AsDuration()
	answer.IDs = core.IDs{Family: response.GetFamilyId(), Subject: response.GetSubjectId(), Client: response.GetClientId()}
	answer.Value = toCaller(response)
	return answer
}

func toCaller(response *symbolonv1.IntrospectResponse) *Caller {
	kind, ok := kinds[response.GetKind()]
	if !ok {
		kind = KindUnknown
	}
	return &Caller{
		Kind: kind, SubjectID: response.GetSubjectId(), ClientID: response.GetClientId(), TenantID: response.GetTenantId(),
		TokenID: response.GetTokenId(), FamilyID: response.GetFamilyId(), scopes: response.GetScopes(),
		Audience: response.GetAudience(), IssueTime: response.GetIssueTime().AsTime(), ExpireTime: response.GetExpireTime().AsTime(),
	}
}

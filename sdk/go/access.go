package symbolon

import (
	"context"
	"strings"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	"symbolon.internal/sdk/go/internal/core"
)

// Permission is what somebody wants to do with the data of a user or a device.
type Permission string

// The permissions that there are. The contract tells which scopes each needs, and which kinds of tokens never have it.
const (
	// ReadProfile and WriteProfile are of a user.
	ReadProfile  Permission = "READ_PROFILE"
	WriteProfile Permission = "WRITE_PROFILE"
	// KeepProperties is to read and change what the token's own client keeps beside a user.
	KeepProperties Permission = "KEEP_PROPERTIES"
	// ListDevices and AddDevice are of a user's devices, perhaps of those of a type alone: [Target.OfType].
	ListDevices Permission = "LIST_DEVICES"
	AddDevice   Permission = "ADD_DEVICE"
	// ReadDevice is to read what a device is; WriteDevice to change or delete it.
	ReadDevice  Permission = "READ_DEVICE"
	WriteDevice Permission = "WRITE_DEVICE"
	ShareDevice Permission = "SHARE_DEVICE"
	// ManageDeviceToken is to get, replace and end the token of a device.
	ManageDeviceToken Permission = "MANAGE_DEVICE_TOKEN"
	// ConfirmRegistration is to confirm the registration of a device, as its future owner.
	ConfirmRegistration Permission = "CONFIRM_REGISTRATION"
	// ReadMessages is of a device, or of all devices of a user.
	ReadMessages   Permission = "READ_MESSAGES"
	ExportMessages Permission = "EXPORT_MESSAGES"
	// SendMessage is in the name of a device; SendAction is to one.
	SendMessage Permission = "SEND_MESSAGE"
	SendAction  Permission = "SEND_ACTION"
	// ConnectDevice is to connect as the device itself, as by MQTT.
	ConnectDevice Permission = "CONNECT_DEVICE"
	// Subscribe is to messages of a user or a device.
	Subscribe Permission = "SUBSCRIBE"
	// ManageRules is to read and change the rules of a user.
	ManageRules Permission = "MANAGE_RULES"
	// ActAsApplication is to act for the token's client itself, and for no user.
	ActAsApplication Permission = "ACT_AS_APPLICATION"
)

// AccessReason is why something is allowed or not.
type AccessReason string

const (
	// AccessUnspecified is something newer than this package.
	AccessUnspecified  AccessReason = "UNSPECIFIED"
	AccessAllowed      AccessReason = "ALLOWED"
	AccessTokenNotLive AccessReason = "TOKEN_NOT_LIVE"
	// AccessKindNotAllowed is that no token of this kind may do this.
	AccessKindNotAllowed AccessReason = "KIND_NOT_ALLOWED"
	// AccessTargetMissing is that the permission needs another target: a user, or a device.
	AccessTargetMissing AccessReason = "TARGET_MISSING"
	// AccessTargetUnknown is that the tenant has no such user or device.
	AccessTargetUnknown  AccessReason = "TARGET_UNKNOWN"
	AccessTargetDisabled AccessReason = "TARGET_DISABLED"
	// AccessNotTheUser is that the token is another user's, and AccessNotTheOwner that the device is not one of the token's user.
	AccessNotTheUser  AccessReason = "NOT_THE_USER"
	AccessNotTheOwner AccessReason = "NOT_THE_OWNER"
	// AccessNotThisDevice is that the token is another device's.
	AccessNotThisDevice AccessReason = "NOT_THIS_DEVICE"
	// AccessNoConsent is that the user has not granted the token's client anything, or has withdrawn it.
	AccessNoConsent AccessReason = "NO_CONSENT"
	// AccessScopeMissing is that the token, or what the user granted its client, lacks a scope.
	AccessScopeMissing AccessReason = "SCOPE_MISSING"
)

// Target is with whom or what something is to be done: [User], [Device], or [Own].
type Target struct {
	kind           targetKind
	id, deviceType string
	hasType        bool
}

type targetKind int

const (
	ownTarget targetKind = iota
	userTarget
	deviceTarget
)

// Own is the user or device that the token stands for. It is what an empty Target is, too.
func Own() Target {
	return Target{}
}

// User is the user of an id.
func User(id string) Target {
	return Target{kind: userTarget, id: id}
}

// Device is the device of an id, th.… and not a vendor's.
func Device(id string) Target {
	return Target{kind: deviceTarget, id: id}
}

// OfType says of [ListDevices] and [AddDevice] of which type the devices are: a scope for that type is enough then.
func (t Target) OfType(deviceType string) Target {
	t.deviceType, t.hasType = deviceType, true
	return t
}

// check: an id that is empty must never be taken for the token's own.
func (t Target) check() error {
	if t.kind != ownTarget && t.id == "" {
		return invalid("the id of the target must not be empty")
	}
	if t.hasType && t.deviceType == "" {
		return invalid("the device type of the target must not be empty")
	}
	return nil
}

// sendable is the text where protobuf can send it. Another one is of nobody, and so is what is sent for it: ids are ASCII.
func sendable(text string) string {
	return strings.ToValidUTF8(text, "\ufffd")
}

// Access is whether the bearer of a token may do something, and why.
type Access struct {
	Allowed bool
	Reason  AccessReason
	// Live tells whether the token is; Caller is whom it stands for then, and else empty.
	Live   bool
	Caller Caller
	// UserID is by whose right it is allowed: the user, or an owner of the device. Empty: by no user's.
	UserID string
}

// CheckPermission tells whether the bearer of a token may do something now, such as ReadDevice with Device(id). What is allowed is answered
// from memory for ten seconds at most, and for no longer than the token and the consent behind it last; as of [Verifier.Check], one second
// after a revocation was answered nothing is allowed by it. An error is an [*Error], and says nothing: refuse with UNAVAILABLE or 503.
// INVALID_ARGUMENT is of the permission or the target, and makes no call.
func (v *Verifier) CheckPermission(ctx context.Context, token string, permission Permission, target Target) (Access, error) {
	if err := checkQuestion(permission, target); err != nil {
		return Access{}, err
	}
	question := target.about(token, permission)
	if kept, found := v.state.FindRight(question); found {
		return *kept, nil
	}
	if v.ctx.Err() != nil {
		return Access{}, closed()
	}
	if !tokenForm.MatchString(token) {
		return Access{Reason: AccessTokenNotLive}, nil
	}
	answer, _, err := v.rights.ask(ctx, question)
	if err != nil {
		return Access{}, err
	}
	return *answer, nil
}

func checkQuestion(permission Permission, target Target) error {
	if _, ok := permissions[permission]; !ok {
		return invalid("permission must be one of the constants of this package, such as ReadDevice")
	}
	return target.check()
}

func (t Target) about(token string, permission Permission) core.Question {
	question := core.Question{Token: token, Permission: string(permission), DeviceType: sendable(t.deviceType)}
	switch t.kind {
	case userTarget:
		question.User = sendable(t.id)
	case deviceTarget:
		question.Device = sendable(t.id)
	}
	return question
}

// byName are those of the contract, by their names without the prefix.
func byName[T ~string, E ~int32](names map[int32]string, prefix string) map[T]E {
	found := map[T]E{}
	for number, name := range names {
		if number != 0 {
			found[T(strings.TrimPrefix(name, prefix))] = E(number)
		}
	}
	return found
}

var permissions = byName[Permission, symbolonv1.Permission](symbolonv1.Permission_name, "PERMISSION_")

func toBatchCheck(questions []core.Question) *symbolonv1.BatchCheckRequest {
	request := &symbolonv1.BatchCheckRequest{}
	for _, each := range questions {
		check := &symbolonv1.CheckRequest{Token: each.Token, Permission: permissions[Permission(each.Permission)], DeviceType: each.DeviceType}
		switch {
		case each.User != "":
			check.Target = &symbolonv1.CheckRequest_UserId{UserId: each.User}
		case each.Device != "":
			check.Target = &symbolonv1.CheckRequest_DeviceId{DeviceId: each.Device}
		}
		request.Checks = append(request.Checks, check)
	}
	return request
}

// toRights answers as many as the server did: that it is another number is told by who asked.
func toRights(questions []core.Question, response *symbolonv1.BatchCheckResponse) []core.Answer[*Access] {
	answers := make([]core.Answer[*Access], 0, len(response.GetAnswers()))
	for index, answer := range response.GetAnswers() {
		var question core.Question
		if index < len(questions) {
			question = questions[index]
		}
		answers = append(answers, toRight(question, answer))
	}
	return answers
}

func toRight(question core.Question, response *symbolonv1.CheckResponse) core.Answer[*Access] {
	token := toAnswer(response.GetToken())
	access := &Access{Reason: toReason(response.GetReason()), Live: token.Live, UserID: response.GetUserId()}
	// A server that says so of a token that is not live would be wrong.
	access.Allowed = response.GetAllowed() && token.Live
	if token.Live {
		access.Caller = *token.Value
	}
	ids := token.IDs
	ids.User, ids.Device = access.UserID, question.Device
	return core.Answer[*Access]{
		Revision: token.Revision, Live: access.Allowed, IDs: ids, Value: access, TTL: response.GetTimeToLive().AsDuration(),
	}
}

func toReason(reason symbolonv1.AccessReason) AccessReason {
	name, ok := symbolonv1.AccessReason_name[int32(reason)]
	if !ok {
		return AccessUnspecified
	}
	return AccessReason(strings.TrimPrefix(name, "ACCESS_REASON_"))
}

package main

import (
	"context"

	symbolonv1 "symbolon.internal/gen/go/symbolon/v1"
	symbolon "symbolon.internal/sdk/go"
)

func account(ctx context.Context, a *app, asked loginRequest) answer {
	own := a.Account()
	switch asked.Call {
	case "get":
		return ofUser(own.Get(ctx))
	case "update":
		return ofUser(own.Update(ctx, symbolon.UserChanges{DisplayName: asked.DisplayName, Email: asked.Email, Phone: asked.Phone}))
	case "become_normal":
		return ofUser(own.BecomeNormalUser(ctx, symbolon.NewUser{LoginName: asked.LoginName}, asked.Password))
	case "change_password":
		return orError(own.ChangePassword(ctx, asked.OldPassword, asked.NewPassword, asked.Code))
	case "start_email":
		_, err := own.StartEmail(ctx)
		return orError(err)
	case "confirm_email":
		return orError(own.ConfirmEmail(ctx, asked.Code))
	case "start_phone":
		_, err := own.StartPhone(ctx)
		return orError(err)
	case "confirm_phone":
		return orError(own.ConfirmPhone(ctx, asked.Code))
	case "enroll":
		made, err := own.EnrollSecondFactor(ctx, asked.Password)
		return orAnswer(answer{"secret": made.Secret, "otpauth_uri": made.OTPAuthURI}, err)
	case "confirm_enrollment":
		codes, err := own.ConfirmSecondFactor(ctx, asked.Code)
		return orAnswer(answer{"recovery_codes": codes}, err)
	case "remove_second_factor":
		return orError(own.RemoveSecondFactor(ctx, asked.Code))
	case "logins":
		families, err := own.Logins(ctx)
		ids := []string{}
		for _, family := range families {
			ids = append(ids, family.GetFamilyId())
		}
		return orAnswer(answer{"family_ids": ids}, err)
	case "revoke":
		return orError(own.RevokeLogin(ctx, asked.FamilyID))
	case "delete":
		return orError(own.Delete(ctx))
	default:
		return unknown("call of an account")
	}
}

func ofUser(user *symbolonv1.User, err error) answer {
	return orAnswer(answer{"user": answer{
		"user_id": user.GetUserId(), "login_name": user.GetLoginName(), "email": user.GetEmail(), "email_verified": user.GetEmailVerified(),
		"phone": user.GetPhone(), "phone_verified": user.GetPhoneVerified(), "display_name": user.GetDisplayName(),
		"has_password": user.GetHasPassword(),
	}}, err)
}

package dev.orderflow.deploy;

import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.cognito.CognitoDomainOptions;
import software.amazon.awscdk.services.cognito.FeaturePlan;
import software.amazon.awscdk.services.cognito.Mfa;
import software.amazon.awscdk.services.cognito.MfaSecondFactor;
import software.amazon.awscdk.services.cognito.PasswordPolicy;
import software.amazon.awscdk.services.cognito.UserPool;
import software.amazon.awscdk.services.cognito.UserPoolDomainOptions;
import software.constructs.Construct;

/// What the user pools of customers and of operators have in common: users cannot sign up by
/// themselves, every user has a long password and a second factor, and no deployment deletes the
/// users.
final class ProtectedUserPool {

    private ProtectedUserPool() {}

    /// A user pool; the caller adds how its users sign in and recover their accounts.
    static UserPool.Builder builder(Construct scope, String name) {
        return UserPool.Builder.create(scope, "users")
                .userPoolName(name)
                .featurePlan(FeaturePlan.ESSENTIALS)
                .selfSignUpEnabled(false)
                .mfa(Mfa.REQUIRED)
                .mfaSecondFactor(MfaSecondFactor.builder().otp(true).sms(false).build())
                .passwordPolicy(
                        PasswordPolicy.builder()
                                .minLength(14)
                                .requireDigits(true)
                                .requireLowercase(true)
                                .requireUppercase(true)
                                .requireSymbols(true)
                                .build())
                .deletionProtection(true)
                .removalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    }

    static void addDomain(UserPool pool, String id, String prefix) {
        pool.addDomain(
                id,
                UserPoolDomainOptions.builder()
                        .cognitoDomain(CognitoDomainOptions.builder().domainPrefix(prefix).build())
                        .build());
    }

    /// The URI of the JSON Web Key Set of the pool's issuer.
    static String jwkSetUri(UserPool pool) {
        return pool.getUserPoolProviderUrl() + "/.well-known/jwks.json";
    }
}

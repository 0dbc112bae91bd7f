package dev.orderflow.localcloud.ports;

import java.util.Map;

/// Decides whether a principal may perform an action, by IAM's rules.
public interface Authorizer {

    /// Allows every call. Used while no role exists.
    Authorizer ALLOW_ALL = (_, _, _, _) -> {};

    /// The principal that makes a call.
    sealed interface Principal {

        /// A caller with the credentials of a role.
        ///
        /// @param arn ARN of the role
        record RolePrincipal(String arn) implements Principal {}

        /// An AWS service that acts for one of the account's resources.
        ///
        /// @param principal for example `events.amazonaws.com`
        /// @param sourceArn ARN of the resource it acts for, for example a rule
        record ServicePrincipal(String principal, String sourceArn) implements Principal {}
    }

    /// Returns normally if the call is allowed.
    ///
    /// @param action IAM action, for example `sqs:SendMessage`
    /// @param resource ARN of the resource, or `*` for actions without resource-level permissions
    /// @param keys condition keys of the action; the global keys are added
    /// @throws dev.orderflow.localcloud.wire.AwsErrorException `AccessDeniedException` when it is
    ///     not, in AWS's words
    void require(Principal caller, String action, String resource, Map<String, String> keys);

    /// Returns normally if the caller may encrypt and decrypt with the key of a resource that is
    /// encrypted with a KMS key of the account.
    ///
    /// @param keys condition keys, including the encryption context
    /// @throws dev.orderflow.localcloud.wire.AwsErrorException `AccessDeniedException` when it may
    ///     not
    default void requireKey(Principal caller, String resource, Map<String, String> keys) {}

    /// Same as above, for an action without condition keys.
    default void require(Principal caller, String action, String resource) {
        require(caller, action, resource, Map.of());
    }
}

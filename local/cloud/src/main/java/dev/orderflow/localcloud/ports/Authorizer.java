package dev.orderflow.localcloud.ports;

import java.util.Map;

/// Whether a caller may do something, as IAM decides it.
public interface Authorizer {

    /// Lets everybody do everything: a cloud in which no roles were made.
    Authorizer ALLOW_ALL = (_, _, _, _) -> {};

    /// Who calls.
    sealed interface Principal {

        /// Somebody who acts as a role.
        ///
        /// @param arn of the role
        record Role(String arn) implements Principal {}

        /// A service of the cloud on behalf of one of the account's resources.
        ///
        /// @param principal for example `events.amazonaws.com`
        /// @param sourceArn the resource it acts for, for example a rule
        record Service(String principal, String sourceArn) implements Principal {}
    }

    /// Returns when the call is allowed.
    ///
    /// @param action as IAM names it, for example `sqs:SendMessage`
    /// @param resource its ARN, or `*` where IAM knows no resource for the action
    /// @param keys condition keys of the action; the global ones are added
    /// @throws dev.orderflow.localcloud.wire.AwsErrorException `AccessDeniedException` when it is not, in
    ///     AWS's words
    void require(Principal caller, String action, String resource, Map<String, String> keys);

    /// Returns when the caller may encrypt and decrypt with the key of a resource that is encrypted
    /// with one of the account's.
    ///
    /// @param keys condition keys, the encryption context among them
    /// @throws dev.orderflow.localcloud.wire.AwsErrorException `AccessDeniedException` when it may not
    default void requireKey(Principal caller, String resource, Map<String, String> keys) {}

    /// As above, for an action without condition keys.
    default void require(Principal caller, String action, String resource) {
        require(caller, action, resource, Map.of());
    }
}

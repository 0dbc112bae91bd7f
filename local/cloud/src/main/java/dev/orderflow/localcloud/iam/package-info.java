/// Decides whether a caller may do something, by the rules of IAM's policy
/// evaluation within one account: an explicit deny wins; else a resource policy or an identity
/// policy must allow it; a key's policy must allow it or leave it to identity policies.
///
/// Callers are told apart by the access key of their signature. An access key that was issued to
/// nobody belongs to the account's administrator, who may do everything.
@NullMarked
package dev.orderflow.localcloud.iam;

import org.jspecify.annotations.NullMarked;

/// Authorises calls by IAM's policy evaluation within one account: an explicit deny wins; otherwise
/// a resource policy or an identity policy must allow the action; the policy of a KMS key must
/// allow it or delegate to identity policies.
///
/// A caller is identified by the access key of its signature. An access key that was not issued
/// here belongs to the account's administrator, who may do everything.
@NullMarked
package dev.orderflow.localcloud.iam;

import org.jspecify.annotations.NullMarked;

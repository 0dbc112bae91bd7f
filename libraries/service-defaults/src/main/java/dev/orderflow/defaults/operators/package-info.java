/// The people who operate the system: verified by the access token of an issuer of their own, with
/// the roles that it names.
///
/// Guarantee: an [dev.orderflow.defaults.operators.Operator] in the parameters of a controller was
/// verified; no other part of a request can name or change it. Limits as in
/// [dev.orderflow.defaults.tokens].
@NullMarked
package dev.orderflow.defaults.operators;

import org.jspecify.annotations.NullMarked;

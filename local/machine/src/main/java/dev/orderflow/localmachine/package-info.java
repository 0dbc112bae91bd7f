/// The folders and the ports that programs of this project use on the machine of a developer or an
/// operator.
///
/// Guarantee: no other user of the machine can read what is stored in a [UserFolder]. Limit: a
/// program that does not use [FreePorts] can take a port that it gave out.
@NullMarked
package dev.orderflow.localmachine;

import org.jspecify.annotations.NullMarked;

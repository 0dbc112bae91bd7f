/// The folders and the ports that programs of this project use on the machine of a developer or an
/// operator.
///
/// Guarantee: no other user of the machine can read what is stored in a [UserFolder]. Limit: a port
/// of [FreePorts] was free a moment ago; another process can still take it.
@NullMarked
package dev.orderflow.localmachine;

import org.jspecify.annotations.NullMarked;

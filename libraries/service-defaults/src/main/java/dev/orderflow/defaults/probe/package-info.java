/// What a container asks itself to say whether it is well.
///
/// It needs the JDK and nothing else, so that an image needs no shell and no curl.
@NullMarked
package dev.orderflow.defaults.probe;

import org.jspecify.annotations.NullMarked;

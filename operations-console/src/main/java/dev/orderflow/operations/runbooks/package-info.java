/// The runbooks of this version, which are the files of `docs/runbooks`.
@NullMarked
package dev.orderflow.operations.runbooks;

import org.jspecify.annotations.NullMarked;

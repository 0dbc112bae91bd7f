/// S3, as far as somebody keeps an object under a name and fetches it again: buckets by path,
/// whole objects, lifecycle rules that expire them.
@NullMarked
package dev.orderflow.localcloud.s3;

import org.jspecify.annotations.NullMarked;

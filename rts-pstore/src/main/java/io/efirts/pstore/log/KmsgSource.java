// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

/**
 * A log that can be read backwards while others write to it, or were stopped while they did.
 *
 * <p>Called by any platform thread, by a panicking one too: must not allocate, lock, log or wait.
 */
public interface KmsgSource {
  /**
   * Where a dump begins: behind the newest line.
   *
   * @return a position; greater ones are newer
   */
  long end();

  /**
   * Copies what was logged before a position: whole lines, each with its newline, oldest first,
   * ending with the last one before the position; as many as fit. A line that is longer than the
   * limit is given in pieces, its last piece first; only then does a slice end without a newline.
   *
   * <p>Asked again and again with the position of the slice before, it gives each line once and
   * comes to an end. Lines that cannot be had, since they are being written, were never finished or
   * were overwritten, are left out.
   *
   * @param position what {@link #end} or the previous {@link KmsgSlice#start} returned
   * @param limitBytes how many bytes to copy at most; at least 1 and at most the slice's room
   * @param slice receives the bytes and the position where the next slice ends; no bytes if there
   *     is nothing before the position, or no more of it. Behind the limit its buffer stays as it
   *     is
   */
  void sliceBefore(long position, int limitBytes, KmsgSlice slice);
}

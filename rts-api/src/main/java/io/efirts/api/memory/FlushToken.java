// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.memory;

/**
 * What is left to do after a change of an {@link AddressSpace}: processors may still hold the old
 * translation. The caller either flushes or says on purpose that no processor can have cached the
 * old entries, for example because the address space was never active. Frames freed by the change
 * are not reused before one of the two was called.
 */
public interface FlushToken {
  /** Nothing to flush: for address spaces that no processor caches. */
  FlushToken NONE =
      new FlushToken() {
        @Override
        public void flush() {}

        @Override
        public void ignore() {}
      };

  /** Removes the old translations from every processor that may hold them. */
  void flush();

  /** States that no processor can hold an old translation. */
  void ignore();
}

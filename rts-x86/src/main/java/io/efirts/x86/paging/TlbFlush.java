// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

/**
 * Makes processors forget translations: the embedder's TLB shootdown.
 *
 * <p>Called by {@link io.efirts.api.memory.FlushToken#flush}, on that thread.
 */
@FunctionalInterface
public interface TlbFlush {
  /** For tables that no processor caches: a model that walks them at every access. */
  TlbFlush UNCACHED = (root, first, last) -> {};

  /**
   * Returns when no processor holds an old translation of the range, nor a cached paging-structure
   * entry of it: INVLPG for each page, or a load of CR3 (of CR4 where pages are global), on every
   * processor that may have this root loaded. In PAE mode it must be a load of CR3, because the
   * root's four entries are read only then.
   *
   * @param root the root of the tables, as {@link PageTables#root} returns it
   * @param first first virtual address of the range
   * @param last its last address, inclusive
   */
  void flush(long root, long first, long last);
}

// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

/**
 * Makes processors forget translations: the embedder's TLB maintenance.
 *
 * <p>Called by {@link io.efirts.api.memory.FlushToken#flush}, on that thread, after entries were
 * made invalid and before anything valid takes their place: the middle of break-before-make (Arm
 * ARM, section D8.16.1). If it throws, the entries stay invalid.
 */
@FunctionalInterface
public interface TlbFlush {
  /** For tables that no processor caches: a model that walks them at every access. */
  TlbFlush UNCACHED = (root, first, last) -> {};

  /**
   * Returns when no processor holds an old translation of the range, nor a cached entry of a table
   * on the way to it: DSB ISHST, so that walks see the stores; TLBI for each page of the range, of
   * all levels and broadcast (VAE1IS, or VAAE1IS where pages are global), or for the whole address
   * space (ASIDE1IS, VMALLE1IS); DSB ISH; ISB.
   *
   * <p>What is stored afterwards needs a DSB ISHST and an ISB before it is used, as does a change
   * that left nothing to flush. Switching to the address space has both.
   *
   * @param root as {@link PageTables#root} returns it, so that bits 63:48 are the ASID
   * @param first first virtual address of the range
   * @param last its last address, inclusive: all that the changed entries translate, which may be
   *     more than was asked to change
   */
  void flush(long root, long first, long last);
}

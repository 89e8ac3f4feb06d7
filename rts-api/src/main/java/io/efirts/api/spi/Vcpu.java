// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spi;

/**
 * The processor that firmware runs on, as far as every architecture has it. The architecture
 * modules extend it with their registers; the default behind each is a model in plain fields, a
 * hypervisor brings its own.
 *
 * <p>Used by one thread at a time, the one that holds the gate. No method blocks or allocates.
 */
public interface Vcpu {
  /**
   * The root of the active address space: CR3 or TTBR0.
   *
   * @return the root last loaded
   */
  long addressSpaceRoot();

  /**
   * Activates another address space.
   *
   * @param root the new root, see {@link io.efirts.api.memory.AddressSpace#root}
   */
  void loadAddressSpaceRoot(long root);
}

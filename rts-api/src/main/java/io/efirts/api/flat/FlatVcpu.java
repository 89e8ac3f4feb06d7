// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.flat;

import io.efirts.api.spi.Vcpu;

/** A processor with nothing but an address-space root, kept in a plain field. */
public final class FlatVcpu implements Vcpu {
  private long addressSpaceRoot;

  /**
   * A processor on which some address space is active.
   *
   * @param addressSpaceRoot the root that is active before the first call, the host's
   */
  public FlatVcpu(long addressSpaceRoot) {
    this.addressSpaceRoot = addressSpaceRoot;
  }

  @Override
  public long addressSpaceRoot() {
    return addressSpaceRoot;
  }

  @Override
  public void loadAddressSpaceRoot(long root) {
    addressSpaceRoot = root;
  }
}

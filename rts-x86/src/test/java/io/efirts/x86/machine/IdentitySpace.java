// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.machine;

import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.space.FirmwareSpace;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.x86.paging.PageTables;
import java.util.List;

/** A space over tables that a test has filled; counts its entries. */
public final class IdentitySpace implements FirmwareSpace<PageTables> {
  private final PageTables tables;
  private EfiMemoryDescriptor descriptor;
  private Runnable atEntry = () -> {};
  private int entries;

  IdentitySpace(PageTables tables) {
    this.tables = tables;
  }

  @Override
  public PageTables tables() {
    return tables;
  }

  /** Does something at each entry, before CR3 is loaded. */
  public void atEntry(Runnable action) {
    atEntry = action;
  }

  /** How often it was entered. */
  public int entries() {
    return entries;
  }

  /** The one descriptor of its memory map. */
  public void descriptor(EfiMemoryDescriptor only) {
    descriptor = only;
  }

  @Override
  public void prepareEntry() {
    entries++;
    atEntry.run();
  }

  @Override
  public EfiMemoryDescriptor nearestDescriptor(long address) {
    return descriptor;
  }

  @Override
  public List<String> explain(FirmwareFault fault) {
    return tables.explain(new VirtualAddress(fault.address()));
  }
}

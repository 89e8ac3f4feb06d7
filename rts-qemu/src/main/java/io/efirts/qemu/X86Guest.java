// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.spi.VirtualModeHost;
import io.efirts.qemu.agent.Agent;
import io.efirts.qemu.call.GuestProcessor;
import io.efirts.qemu.machine.QemuMachine;
import io.efirts.qemu.x86.GuestX86Vcpu;
import io.efirts.qemu.x86.X86GuestProcessor;
import io.efirts.x86.EfiHost;
import io.efirts.x86.EfiHostBuilder;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.vcpu.Cr4;

/** An x86-64 guest. */
public final class X86Guest extends QemuGuest {
  private final GuestX86Vcpu vcpu;
  private final GuestX86Vcpu crashVcpu;
  private final X86GuestProcessor processor;
  private final X86GuestProcessor crashProcessor;

  X86Guest(GuestSettings settings, QemuMachine machine, Agent agent) {
    super(settings, machine, agent);
    vcpu = new GuestX86Vcpu(agent.registers(false));
    crashVcpu = new GuestX86Vcpu(agent.registers(true));
    processor = new X86GuestProcessor(vcpu, agent.returnAddress());
    crashProcessor = new X86GuestProcessor(crashVcpu, agent.returnAddress());
  }

  @Override
  GuestProcessor processor(boolean crash) {
    return crash ? crashProcessor : processor;
  }

  /**
   * The processor.
   *
   * @return its registers in ordinary calls
   */
  public GuestX86Vcpu vcpu() {
    return vcpu;
  }

  /**
   * Begins to describe a host for this guest, in the mode in which firmware has left the processor.
   *
   * @return a builder that knows the guest's memory, map, tables and processors
   */
  public EfiHostBuilder hostBuilder() {
    return hostBuilder(memoryMap());
  }

  /**
   * Begins to describe a host that believes another memory map.
   *
   * @param map what the guest's memory is said to be
   * @return a builder that knows the guest's memory, tables and processors
   */
  public EfiHostBuilder hostBuilder(MemoryMap map) {
    PagingMode mode = (vcpu.cr4() & Cr4.LA57) == 0 ? PagingMode.FOUR_LEVEL : PagingMode.FIVE_LEVEL;
    EfiHostBuilder builder =
        EfiHost.builder(mode, map, memory(), arena())
            .systemTable(agent().systemTable())
            .vcpu(vcpu)
            .crashVcpu(crashVcpu);
    attributesTable().ifPresent(builder::attributes);
    agent().ranges().forEach(builder::range);
    return builder;
  }

  @Override
  public VirtualModeHost host() {
    return hostBuilder().build();
  }
}

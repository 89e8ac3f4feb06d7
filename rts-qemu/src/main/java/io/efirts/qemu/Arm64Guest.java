// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.spi.VirtualModeHost;
import io.efirts.arm64.EfiHost;
import io.efirts.arm64.EfiHostBuilder;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.paging.MairTypes;
import io.efirts.arm64.paging.PagingMode;
import io.efirts.arm64.vcpu.Tcr;
import io.efirts.qemu.agent.Agent;
import io.efirts.qemu.agent.AgentException;
import io.efirts.qemu.agent.Ending;
import io.efirts.qemu.agent.RegisterFile;
import io.efirts.qemu.arm64.Arm64GuestProcessor;
import io.efirts.qemu.arm64.GuestArm64Vcpu;
import io.efirts.qemu.call.GuestProcessor;
import io.efirts.qemu.machine.QemuMachine;

/**
 * An arm64 guest. Its memory types are made those of {@link MairTypes#EARLY_ACKNOWLEDGE}, which are
 * firmware's and one more.
 */
public final class Arm64Guest extends QemuGuest {
  private final GuestArm64Vcpu vcpu;
  private final GuestArm64Vcpu crashVcpu;
  private final PagingMode mode;
  private final Arm64GuestProcessor processor;
  private final Arm64GuestProcessor crashProcessor;

  Arm64Guest(GuestSettings settings, QemuMachine machine, Agent agent) {
    super(settings, machine, agent);
    setMemoryTypes(agent);
    vcpu = new GuestArm64Vcpu(agent.registers(false));
    crashVcpu = new GuestArm64Vcpu(agent.registers(true));
    if ((vcpu.tcr() & Tcr.TG0) != Tcr.granule(Granule.FOUR_KIB)) {
      throw new AgentException(
          "TCR_EL1.TG0 must be that of pages of 4 KiB: tcr=0x" + Long.toHexString(vcpu.tcr()));
    }
    mode = Tcr.pagingMode(vcpu.tcr());
    processor = new Arm64GuestProcessor(vcpu, agent.returnAddress(), mode);
    crashProcessor = new Arm64GuestProcessor(crashVcpu, agent.returnAddress(), mode);
  }

  private static void setMemoryTypes(Agent agent) {
    RegisterFile found = agent.foundRegisters();
    GuestArm64Vcpu vcpu = new GuestArm64Vcpu(found);
    if (vcpu.mair() == MairTypes.EARLY_ACKNOWLEDGE.mair()) {
      // A guest that was brought back has them.
      return;
    }
    if (vcpu.mair() != MairTypes.FIRMWARE.mair()) {
      throw new AgentException(
          "MAIR_EL1 must be as UEFI says, for entries to be added: mair=0x"
              + Long.toHexString(vcpu.mair()));
    }
    vcpu.loadMair(MairTypes.EARLY_ACKNOWLEDGE.mair());
    Ending ending = agent.link().writeRegisters(found);
    if (ending != Ending.RETURNED) {
      throw new AgentException("agent must load registers: ending=" + ending);
    }
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
  public GuestArm64Vcpu vcpu() {
    return vcpu;
  }

  /**
   * Begins to describe a host for this guest, with the pages and addresses for which firmware has
   * set the processor up.
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
    EfiHostBuilder builder =
        EfiHost.builder(mode, map, memory(), arena())
            .systemTable(agent().systemTable())
            .vcpu(vcpu)
            .crashVcpu(crashVcpu);
    attributesTable().ifPresent(builder::attributes);
    agent().ranges().forEach(builder::range);
    return builder;
  }

  /**
   * Makes a host of a description. Faults are from now on unwound as its calls'.
   *
   * @param builder from {@link #hostBuilder}
   * @return the host
   */
  public EfiHost build(EfiHostBuilder builder) {
    EfiHost host = builder.build();
    processor.recoverBy(host.recoveries());
    crashProcessor.recoverBy(host.recoveries());
    return host;
  }

  @Override
  public VirtualModeHost host() {
    return build(hostBuilder());
  }
}

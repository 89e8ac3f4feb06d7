// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.virtualmode;

import io.efirts.api.call.AbiCalls;
import io.efirts.api.call.CallFrame;
import io.efirts.api.call.CallMemory;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.MemoryDescriptorArray;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.api.spi.VirtualModeFailure;
import io.efirts.api.spi.VirtualModeHost;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls SetVirtualAddressMap on a firmware that no dispatcher has yet. UEFI 2.10 section 8.4.1.
 *
 * <p>The array of descriptors is passed by its physical address, and the call is made in a context
 * in which all memory is mapped at its physical addresses: firmware is not virtual before the call
 * has returned. Afterwards its tables are read where they are now and checked.
 */
public final class VirtualModeSwitch {
  private static final Logger LOG = LoggerFactory.getLogger(VirtualModeSwitch.class);
  private static final int DESCRIPTOR_VERSION = 1;
  private static final long ITEM_BYTES = 4096;

  private final Firmware firmware;
  private final VirtualModeHost host;
  private final InterruptControl interrupts;

  private VirtualModeSwitch(Firmware firmware, VirtualModeHost host, InterruptControl interrupts) {
    this.firmware = firmware;
    this.host = host;
    this.interrupts = interrupts;
  }

  /**
   * Switches firmware to virtual addresses. Blocks as long as firmware takes; may allocate. Nothing
   * firmware does gets out of here as an exception.
   *
   * @param firmware the firmware, in runtime phase, called by nobody else
   * @param host the contexts and the addresses
   * @param interrupts defers cooperative stops meanwhile
   * @return the instance to be given to the dispatcher; one whose services are disabled if firmware
   *     refused, faulted, or left its tables wrong, or the host could not end the switch
   * @throws IllegalStateException if the host has begun a switch before, or got firmware from
   *     another host that did
   */
  public static FirmwareInstance perform(
      Firmware firmware, VirtualModeHost host, InterruptControl interrupts) {
    Objects.requireNonNull(firmware, "firmware");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(interrupts, "interrupts");
    return new VirtualModeSwitch(firmware, host, interrupts).perform();
  }

  private FirmwareInstance perform() {
    host.beginVirtualMode();
    try {
      SystemTables tables = new SystemTables(host);
      tables.noteBefore();
      setVirtualAddressMap();
      tables.check();
      enterVirtualMode();
      // Once more: memory has gone since then, and permissions too.
      tables.check();
      LOG.info("firmware runs at virtual addresses: regions={}", host.descriptors().size());
      for (String finding : host.findings()) {
        LOG.warn("{}", finding);
      }
      return new FirmwareInstance(firmware, host.context(), host.crashContext());
    } catch (VirtualModeFailure failure) {
      LOG.warn("runtime services stay disabled: {}", failure.getMessage());
      return new FirmwareInstance(firmware, host.context(), host.crashContext(), failure);
    }
  }

  private void setVirtualAddressMap() throws VirtualModeFailure {
    List<EfiMemoryDescriptor> descriptors = host.descriptors();
    long stride = MemoryDescriptorArray.DEFAULT_DESCRIPTOR_SIZE;
    long size = MemoryDescriptorArray.sizeBytes(descriptors.size(), stride);
    CallMemory array = host.descriptorArray(size);
    MemoryDescriptorArray.write(array.segment(), stride, descriptors);
    FirmwareContext context = host.identityContext();
    RuntimeCall item = context.callMemory(ITEM_BYTES).item(0, ITEM_BYTES);
    AbiCalls.pack(
        item,
        RuntimeService.SET_VIRTUAL_ADDRESS_MAP,
        size,
        stride,
        DESCRIPTOR_VERSION,
        array.physicalAddress().value(),
        0);
    CallFrame frame = new CallFrame(context.memory());
    frame.load(item);
    EfiStatus status = EfiStatus.of(call(context, frame));
    if (!status.equals(EfiStatus.SUCCESS)) {
      throw new VirtualModeFailure(
          "SetVirtualAddressMap must succeed: status=" + status, null, List.of());
    }
  }

  private void enterVirtualMode() throws VirtualModeFailure {
    try {
      host.virtualModeEntered();
    } catch (RuntimeException refusal) {
      // Firmware is virtual by now, so nobody can begin again.
      throw new VirtualModeFailure(
          "address space must follow the switch: " + refusal, refusal, List.of());
    }
  }

  private long call(FirmwareContext context, CallFrame frame) throws VirtualModeFailure {
    FirmwareContext.SaveArea saveArea = context.newSaveArea();
    long previous = interrupts.disable();
    try {
      context.enter(saveArea);
      try {
        return firmware.call(frame);
      } finally {
        int repaired = context.leave(saveArea);
        if (repaired != 0) {
          LOG.warn(
              "SetVirtualAddressMap broke its context: repairs=0x{}",
              Integer.toHexString(repaired));
        }
      }
    } catch (Throwable thrown) {
      // Whatever it is, firmware was in the middle of changing its pointers.
      throw new VirtualModeFailure(
          "SetVirtualAddressMap must not fault: "
              + (thrown instanceof FirmwareFault ? thrown.getMessage() : thrown),
          thrown,
          thrown instanceof FirmwareFault fault ? context.explain(fault) : List.of());
    } finally {
      interrupts.restore(previous);
    }
  }
}

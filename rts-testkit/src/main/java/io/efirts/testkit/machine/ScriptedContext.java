// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.machine;

import io.efirts.api.call.CallFrame;
import io.efirts.api.call.CallMemory;
import io.efirts.api.flat.FlatAddressSpace;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A context over flat memory and a {@link ScriptedVcpu} that repairs what firmware broke and
 * watches how it is used. Misuse is recorded, for {@link #assertUsedRightly()}: {@link #leave} must
 * not throw, and what {@link #enter} throws may be contained by the dispatcher under test.
 *
 * <p>Entered and left by one thread at a time; every other method is for any thread. Entering and
 * leaving allocate nothing unless they are misused.
 */
public final class ScriptedContext implements FirmwareContext {
  /** UEFI 2.10 section 2.3.4: the x87 control word in which firmware is called. */
  private static final long UEFI_FP_CONTROL = 0x037F;

  private static final PhysicalAddress CALL_MEMORY_BASE = new PhysicalAddress(0x10_0000);

  private final ScriptedVcpu vcpu;
  private final CallMemory callMemory;
  private final AddressSpaceView view;
  private final ContextLog log = new ContextLog();
  private final Queue<String> misuses = new ConcurrentLinkedQueue<>();
  private final AtomicInteger depth = new AtomicInteger();
  private final AtomicInteger repaired = new AtomicInteger();
  private volatile Registers innermost;

  /**
   * A context with work-item memory of its own and no other guest memory.
   *
   * @param vcpu the processor it is entered on
   * @param root its address space's root, other than that of any other context on this processor
   * @param callMemoryBytes most bytes of work items it can lend, a positive multiple of 4096
   */
  public ScriptedContext(ScriptedVcpu vcpu, long root, long callMemoryBytes) {
    this(
        vcpu,
        root,
        new MemoryRegion(CALL_MEMORY_BASE, CallMemory.allocate(callMemoryBytes)),
        List.of());
  }

  /**
   * A context over given memory, all of it mapped identically, readable and writable.
   *
   * @param vcpu the processor it is entered on
   * @param root its address space's root, other than that of any other context on this processor
   * @param callMemory where work items lie; zeroed, used by nobody else
   * @param guestMemory memory that ABI calls may point to
   * @throws IllegalArgumentException if regions overlap
   */
  public ScriptedContext(
      ScriptedVcpu vcpu, long root, MemoryRegion callMemory, List<MemoryRegion> guestMemory) {
    this.vcpu = Objects.requireNonNull(vcpu, "vcpu");
    this.callMemory =
        new CallMemory(callMemory.bytes(), callMemory.base().value(), callMemory.base());
    List<MemoryRegion> all = new ArrayList<>(guestMemory);
    all.add(callMemory);
    FlatAddressSpace addressSpace = new FlatAddressSpace(root);
    for (MemoryRegion region : all) {
      addressSpace
          .map(
              new VirtualAddress(region.base().value()),
              region.base(),
              region.bytes().byteSize(),
              MappingAttributes.DATA)
          .ignore();
    }
    view = new AddressSpaceView(addressSpace, GuestMemory.of(all));
  }

  @Override
  public CallMemory callMemory(long lengthBytes) {
    long available = callMemory.segment().byteSize();
    if (lengthBytes > available) {
      throw new IllegalArgumentException(
          "call memory must hold every work item: needed="
              + lengthBytes
              + ", available="
              + available);
    }
    return callMemory;
  }

  @Override
  public AddressSpaceView memory() {
    return view;
  }

  @Override
  public SaveArea newSaveArea() {
    return new Registers(this);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if the save area is in use by another entry or is another
   *     context's; nothing was changed then
   */
  @Override
  public void enter(SaveArea saveArea) {
    Registers area = own(saveArea);
    if (area.enteredBy != null) {
      throw misused(
          "save area must not be in use by another entry: enteredBy="
              + area.enteredBy.getName()
              + ", thread="
              + Thread.currentThread().getName());
    }
    area.enteredBy = Thread.currentThread();
    area.around = innermost;
    innermost = area;
    vcpu.save(area.outer);
    vcpu.loadAddressSpaceRoot(view.addressSpace().root());
    vcpu.set(VcpuRegister.DIRECTION_FLAG, 0);
    vcpu.set(VcpuRegister.FP_CONTROL, UEFI_FP_CONTROL);
    vcpu.save(area.inside);
    log.entered(depth.incrementAndGet());
  }

  @Override
  public int leave(SaveArea saveArea) {
    Registers area = (Registers) saveArea;
    if (area.context != this || area.enteredBy == null) {
      misused("save area must be that of an entry: thread=" + Thread.currentThread().getName());
      return 0;
    }
    if (area.enteredBy != Thread.currentThread()) {
      misused(
          "context must be left by the thread that entered it: enteredBy="
              + area.enteredBy.getName()
              + ", thread="
              + Thread.currentThread().getName());
    }
    if (innermost != area) {
      misused("the innermost entry must be left first: thread=" + Thread.currentThread().getName());
    } else {
      innermost = area.around;
    }
    int repairs = vcpu.changesSince(area.inside);
    repaired.accumulateAndGet(repairs, (known, more) -> known | more);
    vcpu.restore(area.outer);
    area.enteredBy = null;
    area.around = null;
    log.left(depth.decrementAndGet(), repairs);
    return repairs;
  }

  /**
   * Firmware that is called in this context and nowhere else: records it as misuse if a call comes
   * in without this context's address space being active, on a thread that has not entered it, or
   * with another context's memory.
   *
   * @param then makes the call
   * @return a new behaviour
   */
  public Firmware watched(Firmware then) {
    Objects.requireNonNull(then, "then");
    return frame -> {
      checkInside(frame);
      return then.call(frame);
    };
  }

  private void checkInside(CallFrame frame) {
    Thread thread = Thread.currentThread();
    Registers entry = innermost;
    if (entry == null || entry.enteredBy != thread) {
      misused("firmware must be called by the thread that entered: thread=" + thread.getName());
    }
    if (vcpu.addressSpaceRoot() != view.addressSpace().root()) {
      misused(
          "firmware must be called in its own address space: root=0x"
              + Long.toHexString(vcpu.addressSpaceRoot())
              + ", firmware=0x"
              + Long.toHexString(view.addressSpace().root()));
    }
    if (frame.memory() != view) {
      misused("firmware must be called with the context's own memory: thread=" + thread.getName());
    }
  }

  /**
   * How many entries have not been left yet.
   *
   * @return 0 while nobody is inside
   */
  public int depth() {
    return depth.get();
  }

  /**
   * What was repaired since this context was made.
   *
   * @return a mask of {@link io.efirts.api.spi.ContextRepair#bit}s
   */
  public int repaired() {
    return repaired.get();
  }

  /**
   * Who entered and left, in order.
   *
   * @return the first 1024 events, a new unmodifiable list
   */
  public List<ContextEvent> events() {
    return log.events();
  }

  /**
   * Checks that nothing was done that a dispatcher must not do.
   *
   * @throws AssertionError if a save area was used by two entries at once, entries were not left
   *     innermost first and by the thread that entered, or watched firmware was called outside;
   *     tells all of it
   */
  public void assertUsedRightly() {
    if (!misuses.isEmpty()) {
      throw new AssertionError("context was misused: " + misuses + ", events=" + events());
    }
  }

  private Registers own(SaveArea saveArea) {
    Registers area = (Registers) saveArea;
    if (area.context != this) {
      throw misused("save area must be one of this context's");
    }
    return area;
  }

  private IllegalStateException misused(String message) {
    misuses.add(message);
    return new IllegalStateException(message);
  }

  /** What an entry found, and what it handed to firmware. */
  private static final class Registers implements SaveArea {
    private final ScriptedContext context;
    private final long[] outer = new long[VcpuRegister.values().length];
    private final long[] inside = new long[outer.length];
    private volatile Thread enteredBy;
    private Registers around;

    private Registers(ScriptedContext context) {
      this.context = context;
    }
  }
}

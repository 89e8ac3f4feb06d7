// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware;

import io.efirts.api.call.CallFrame;
import io.efirts.api.call.CallMemory;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.flat.FlatVcpu;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.Passing;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Firmware;
import io.efirts.firmware.machine.ReferenceMachine;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Calls a firmware as a guest would: arguments packed, pointers into guest memory, no dispatcher.
 */
public final class FirmwareHarness {
  public static final int NV = 1;
  public static final int BS = 2;
  public static final int RT = 4;
  public static final int HR = 8;
  public static final int AW = 0x10;
  public static final int AT = 0x20;
  public static final int APPEND = 0x40;

  /** Where guest memory starts; each argument object has a place in it. */
  public static final long NAME = 0x20_0000;

  public static final long GUID = 0x23_0000;
  public static final long ATTRIBUTES = 0x23_1000;
  public static final long SIZE = 0x23_2000;
  public static final long OUT = 0x23_3000;
  public static final long DATA = 0x24_0000;
  public static final long END = 0x26_0000;

  private static final ValueLayout.OfChar CHAR16 =
      ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Firmware firmware;
  private final MemorySegment guest = CallMemory.allocate(END - NAME);
  private final RuntimeCall call;
  private final FlatFirmwareContext context;
  private CallFrame frame;

  public FirmwareHarness(Firmware firmware) {
    this(
        firmware,
        (items, guest) -> new FlatFirmwareContext(new FlatVcpu(0), items, List.of(guest)));
  }

  /** For a firmware that lies in a machine's memory. */
  public FirmwareHarness(Firmware firmware, ReferenceMachine machine) {
    this(firmware, (items, guest) -> machine.flatContext(items, List.of(guest)));
  }

  private FirmwareHarness(
      Firmware firmware, BiFunction<MemoryRegion, MemoryRegion, FlatFirmwareContext> contexts) {
    this.firmware = firmware;
    this.context =
        contexts.apply(
            new MemoryRegion(new PhysicalAddress(0x10_0000), CallMemory.allocate(4096)),
            new MemoryRegion(new PhysicalAddress(NAME), guest));
    CallMemory item = context.callMemory(4096);
    this.call =
        new RuntimeCall(item.segment(), item.firmwareAddress(), item.physicalAddress().value());
    this.frame = new CallFrame(context.memory());
  }

  /** What calls are translated by, unless {@link #translateBy} was told otherwise. */
  public AddressSpace addressSpace() {
    return context.addressSpace();
  }

  /** Makes further calls behind other tables, which lead to the memory of a machine. */
  public void translateBy(AddressSpace tables, ReferenceMachine machine) {
    List<MemoryRegion> regions = new ArrayList<>(machine.firmwareRegions());
    regions.add(new MemoryRegion(new PhysicalAddress(NAME), guest));
    frame = new CallFrame(new AddressSpaceView(tables, GuestMemory.of(regions)));
  }

  public long call(RuntimeService service, long... words) {
    call.begin(service);
    for (int i = 0; i < words.length; i++) {
      if (service.signature().parameter(i).passing() == Passing.POINTER) {
        call.packPointer(i, words[i]);
      } else {
        call.packValue(i, words[i]);
      }
    }
    frame.load(call);
    return firmware.call(frame);
  }

  public long callVendor(long entryPoint) {
    call.beginVendor(entryPoint, 0);
    frame.load(call);
    return firmware.call(frame);
  }

  public void poke(long address, byte... bytes) {
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, guest, address - NAME, bytes.length);
  }

  public byte[] peek(long address, long length) {
    return guest.asSlice(address - NAME, length).toArray(ValueLayout.JAVA_BYTE);
  }

  public void pokeLong(long address, long value) {
    guest.set(LONG, address - NAME, value);
  }

  public long peekLong(long address) {
    return guest.get(LONG, address - NAME);
  }

  public int peekInt(long address) {
    return guest.get(INT, address - NAME);
  }

  public void pokeName(String name) {
    // Not by way of a charset: names may hold unpaired surrogates.
    for (int i = 0; i < name.length(); i++) {
      guest.set(CHAR16, (long) i * Character.BYTES, name.charAt(i));
    }
    guest.set(CHAR16, (long) name.length() * Character.BYTES, '\0');
  }

  public void pokeGuid(EfiGuid guid) {
    guid.write(guest, GUID - NAME);
  }

  public long set(String name, EfiGuid guid, int attributes, byte... data) {
    pokeName(name);
    pokeGuid(guid);
    poke(DATA, data);
    return call(RuntimeService.SET_VARIABLE, NAME, GUID, attributes, data.length, DATA);
  }

  public long delete(String name, EfiGuid guid, int attributes) {
    return set(name, guid, attributes);
  }

  /**
   * Asks for a variable; afterwards {@link #size}, {@link #attributes} and {@link #data} answer.
   */
  public long get(String name, EfiGuid guid) {
    pokeName(name);
    pokeGuid(guid);
    pokeLong(SIZE, END - DATA);
    return call(RuntimeService.GET_VARIABLE, NAME, GUID, ATTRIBUTES, SIZE, DATA);
  }

  public long size() {
    return peekLong(SIZE);
  }

  public int attributes() {
    return peekInt(ATTRIBUTES);
  }

  public byte[] data() {
    return peek(DATA, size());
  }

  /** Steps on from the name and GUID in guest memory. */
  public long next() {
    pokeLong(SIZE, GUID - NAME);
    return call(RuntimeService.GET_NEXT_VARIABLE_NAME, SIZE, NAME, GUID);
  }

  public String name() {
    String text = new String(guest.asSlice(0, size()).toArray(CHAR16));
    return text.substring(0, text.indexOf(0));
  }

  public EfiGuid guid() {
    return EfiGuid.read(guest, GUID - NAME);
  }

  /** All variables that can be seen: the values by name, in hexadecimal. */
  public Map<String, String> variables() {
    Map<String, String> values = new TreeMap<>();
    pokeName("");
    long status = next();
    while (status == EfiStatusCode.SUCCESS) {
      String name = name();
      requireSuccess(get(name, guid()), name);
      String value = HexFormat.of().formatHex(data());
      if (values.put(name, value) != null) {
        throw new AssertionError("a name must be visited once: name=" + name);
      }
      status = next();
    }
    if (status != EfiStatusCode.NOT_FOUND) {
      requireSuccess(status, "the walk");
    }
    return values;
  }

  private static void requireSuccess(long status, String what) {
    if (status != EfiStatusCode.SUCCESS) {
      throw new AssertionError(what + " must be read: status=" + EfiStatus.of(status));
    }
  }
}

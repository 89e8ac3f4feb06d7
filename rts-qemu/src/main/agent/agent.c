/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the efi-rts authors */

/*
 * Leaves boot services, says in the mailbox what it found, and then does what the host asks for. What
 * is asked for, and why, is the host's business.
 */
#include "efi.h"
#include "mailbox.h"
#include "processor.h"

static const struct efi_guid LOADED_IMAGE = {
    0x5B1B31A1, 0x9562, 0x11D2, {0x8E, 0x3F, 0x00, 0xA0, 0xC9, 0x69, 0x72, 0x3B}};
static const struct efi_guid MEMORY_ATTRIBUTES = {
    0xDCFA911D, 0x26EB, 0x469F, {0xA2, 0x20, 0x38, 0xB7, 0xDC, 0x46, 0x12, 0x20}};

/* ExitBootServices may refuse a map that it made itself change; UEFI has callers ask again. */
enum { EXIT_TRIES = 8 };

u8 *agent_mailbox;

static volatile u64 *word(u64 offset) { return (volatile u64 *)(agent_mailbox + offset); }

static int same_guid(const struct efi_guid *a, const struct efi_guid *b) {
  const u8 *x = (const u8 *)a, *y = (const u8 *)b;
  for (unsigned i = 0; i < sizeof *a; i++) {
    if (x[i] != y[i]) return 0;
  }
  return 1;
}

static u64 table_of(const struct efi_system_table *system, const struct efi_guid *guid) {
  for (u64 i = 0; i < system->table_count; i++) {
    if (same_guid(&system->tables[i].guid, guid)) return (u64)system->tables[i].table;
  }
  return 0;
}

static efi_status leave_boot_services(efi_handle image, struct efi_boot_services *boot) {
  efi_status status = EFI_SUCCESS;
  for (int i = 0; i < EXIT_TRIES; i++) {
    u64 size = MEMORY_MAP_BYTES, key = 0, descriptor_size = 0;
    u32 version = 0;
    status = boot->get_memory_map(&size, agent_mailbox + MEMORY_MAP, &key, &descriptor_size, &version);
    if (status != EFI_SUCCESS) return status;
    *word(MAP_OFFSET) = MEMORY_MAP;
    *word(MAP_SIZE) = size;
    *word(DESCRIPTOR_SIZE) = descriptor_size;
    *word(DESCRIPTOR_VERSION) = version;
    status = boot->exit_boot_services(image, key);
    if (status != EFI_INVALID_PARAMETER) return status;
  }
  return status;
}

static u64 perform(u64 slot) {
  u8 *registers = (u8 *)*word(slot + REGISTERS);
  switch (*word(slot + OPERATION)) {
    case OPERATION_CALL:
      return processor_call(registers, *word(slot + FLAGS));
    case OPERATION_COPY:
      processor_copy((u8 *)*word(slot + TARGET), (const u8 *)*word(slot + SOURCE), *word(slot + LENGTH));
      return ENDING_RETURNED;
    case OPERATION_READ:
      processor_read(registers);
      return ENDING_RETURNED;
    case OPERATION_WRITE:
      processor_write(registers);
      return ENDING_RETURNED;
    default:
      return ENDING_UNKNOWN_OPERATION;
  }
}

/* Runs on the agent's own stack, and for good. */
void agent_serve(void) {
  u64 done = 0;
  processor_store_last(word(MAGIC), MAGIC_VALUE);
  for (;;) {
    u64 asked, slot;
    do {
      asked = processor_load_first(word(REQUEST));
    } while (asked == done);
    slot = SLOTS + (asked & SLOT_MASK) * SLOT_BYTES;
    *word(slot + ENDING) = perform(slot);
    processor_store_last(word(RESPONSE), asked);
    done = asked;
  }
}

/* While there are boot services, somebody may read what the console says. */
static efi_status refuse(struct efi_system_table *system, const u16 *why, efi_status status) {
  system->output->output_string(system->output, why);
  return status;
}

efi_status efi_main(efi_handle image, struct efi_system_table *system) {
  struct efi_boot_services *boot = system->boot_services;
  struct efi_loaded_image *loaded = 0;
  u64 arena = ARENA_VALUE;
  efi_status status = boot->handle_protocol(image, &LOADED_IMAGE, (void **)&loaded);
  if (status != EFI_SUCCESS) return refuse(system, u"agent: no image\r\n", status);
  status = boot->allocate_pages(ALLOCATE_ADDRESS, EFI_RESERVED_MEMORY, ARENA_BYTES >> 12, &arena);
  if (status != EFI_SUCCESS) return refuse(system, u"agent: the arena is not free\r\n", status);
  agent_mailbox = (u8 *)arena;
  for (u64 offset = 0; offset < MEMORY_MAP; offset += sizeof(u64)) *word(offset) = 0;
  *(volatile u32 *)(agent_mailbox + VERSION) = VERSION_VALUE;
  *(volatile u32 *)(agent_mailbox + ARCHITECTURE) = ARCHITECTURE_VALUE;
  *word(ARENA_BASE) = arena;
  *word(ARENA_SIZE) = ARENA_BYTES;
  *word(IMAGE_BASE) = (u64)loaded->image_base;
  *word(IMAGE_SIZE) = loaded->image_size;
  *word(SYSTEM_TABLE) = (u64)system;
  *word(ATTRIBUTES_TABLE) = table_of(system, &MEMORY_ATTRIBUTES);
  *word(RETURN_ADDRESS) = (u64)processor_return;
  *word(UNWIND_ADDRESS) = (u64)processor_unwind;
  status = leave_boot_services(image, boot);
  if (status != EFI_SUCCESS) return status;
  processor_own();
  processor_read(agent_mailbox + FOUND_REGISTERS);
  processor_serve();
  return status;
}

/** A user for each job, and what that user is given. */
export const JOBS = {
  bridge: { permissionSets: ['Signal_Bridge'] },
  technician: { permissionSets: ['Signal_Technician'] },
  manager: { permissionSets: ['Signal_Service_Manager'] },
  steward: { permissionSets: ['Signal_Device_Steward'] },
  sender: { permissionSets: ['Signal_Command_Sender'] },
  approver: { permissionSets: ['Signal_Command_Approver'] },
  administrator: { permissionSets: ['Signal_Administrator'] },
  fieldTechnician: { permissionSetGroups: ['Signal_Field_Technicians'] },
  nobody: {},
} as const;

export type Job = keyof typeof JOBS;

export const jobNames = Object.keys(JOBS).filter((name): name is Job => Object.hasOwn(JOBS, name));
